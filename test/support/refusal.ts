import assert from 'node:assert/strict';
import { ERRORS, type ErrorCode } from '../../app/schema/errors';

export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  readonly details?: unknown;
}

/** What an `ok: false` ack, a failed REST call and a refused connection become in the tests. */
export class Refusal extends Error {
  constructor(
    readonly failure: Failure,
    readonly status?: number,
  ) {
    super(`${failure.code}: ${failure.message}`);
  }
}

/** Traces of the inside: SQL, a stack, a path, a driver. */
const INSIDE = /\bSELECT\b|\bINSERT\b|\bUPDATE \w+ SET\b|sequelize|mysql|\bER_[A-Z]|node_modules|\.[jt]s:\d|\n\s+at /i;

/** Whatever is refused, it is refused in the documented form. */
export function assertFailure(failure: Failure, code: ErrorCode): void {
  assert.equal(failure.code, code, JSON.stringify(failure));
  assert.deepEqual(
    Object.keys(failure).filter(key => !['retryAfterMs', 'details'].includes(key)),
    ['code', 'message', 'retryable'],
  );
  assert.equal(failure.retryable, ERRORS[code].retryable);
  assert.match(failure.message, /.{5,}/);
  assert.notEqual(failure.message, code, 'a sentence, not the code');
  assert.doesNotMatch(JSON.stringify(failure), INSIDE);
}

/** The failure of an attempt that has to be refused with this code. */
export async function refused(attempt: Promise<unknown>, code: ErrorCode): Promise<Failure> {
  const error = await attempt.then(
    answer => assert.fail(`${code} was expected, but: ${JSON.stringify(answer)}`),
    (reason: unknown) => reason,
  );
  if (!(error instanceof Refusal)) throw error;
  assertFailure(error.failure, code);
  if (error.status !== undefined) assert.equal(error.status, ERRORS[code].status);
  return error.failure;
}
