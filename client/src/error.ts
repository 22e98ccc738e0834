import type { ErrorCode, Failure, SessionClosed } from './protocol.js';

/**
 * The codes of the server, and those of the client itself: `NO_ANSWER`, there is no connection or none came in time;
 * `CANCELLED`, by the caller; `LOGGED_OUT`, nobody is logged in.
 */
export type ImErrorCode = ErrorCode | 'NO_ANSWER' | 'CANCELLED' | 'LOGGED_OUT';

/** Why something was not done. `message` is a sentence for people where the server has refused it. */
export class ImError extends Error {
  /** `ImError`: by it one from another copy of the package is known, too. */
  override readonly name = 'ImError';

  constructor(
    /** Stable, for programs. */
    readonly code: ImErrorCode,
    message: string = code,
    /** The same may succeed later. */
    readonly retryable = false,
    /** Milliseconds to wait before that. */
    readonly retryAfterMs?: number,
    /** What exactly was refused, by code. */
    readonly details?: unknown,
  ) {
    super(message);
  }

  /** The error that a server has answered. */
  static of({ code, message, retryable, retryAfterMs, details }: Failure): ImError {
    return new ImError(code as ErrorCode, message, retryable, retryAfterMs, details);
  }
}

/** Nothing was answered: whether it was done nobody knows, and it may be sent again. */
export const noAnswer = (): ImError => new ImError('NO_ANSWER', 'No answer from the server.', true);

/** Whatever was thrown as an ImError: what is none comes from the network or the store, and may pass. */
export function asImError(error: unknown): ImError {
  if (error instanceof ImError) return error;
  return new ImError('NO_ANSWER', error instanceof Error ? error.message : String(error), true);
}

/** Why the server has ended a session: undefined where it has not, or has not said so. */
export function reasonOfEnd({ code, details }: ImError): SessionClosed['reason'] | undefined {
  return code === 'SESSION_CLOSED' ? (details as Partial<SessionClosed> | undefined)?.reason : undefined;
}
