import { ERRORS } from '@tus/server';
import { AppError, type ErrorCode } from '../../../schema/errors';

/** What the protocol's refusals are among ours, by their status; what is not here is INVALID_INPUT. */
const CODES: Readonly<Record<number, ErrorCode>> = {
  404: 'NOT_FOUND',
  409: 'CONFLICT',
  410: 'NOT_FOUND',
  413: 'TOO_LARGE',
};

/** What a file that can not be written and a request that others hold up mean: worth a retry. */
const RETRYABLE: readonly unknown[] = [ERRORS.FILE_WRITE_ERROR, ERRORS.ERR_LOCK_TIMEOUT, ERRORS.ABORTED];

/** What the caller is told of a failure within the protocol: a mistake of ours stays what it is. */
export function failureOf(error: unknown): unknown {
  if (error instanceof Error) return error;
  if (RETRYABLE.includes(error)) return Object.assign(new AppError('UNAVAILABLE'), { cause: error });
  const { status_code: status = 500, body = '' } = error as { status_code?: number; body?: string };
  return refusalOf(status, body);
}

/** What an answer of the protocol with such a status is. */
export function refusalOf(status: number, words: string): AppError {
  const code = CODES[status] ?? 'INVALID_INPUT';
  const details = code === 'INVALID_INPUT' ? [{ path: '/', message: words.trim() }] : undefined;
  return new AppError(code, details);
}
