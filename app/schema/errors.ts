/**
 * The one table of refusals. Both transports answer from it, the documents list it, and config/locale has a sentence
 * for each code in each language.
 */
export const ERRORS = {
  INVALID_INPUT: { status: 400, retryable: false },
  UNAUTHENTICATED: { status: 401, retryable: false },
  TOKEN_EXPIRED: { status: 401, retryable: false },
  SESSION_CLOSED: { status: 401, retryable: false },
  WRONG_CREDENTIALS: { status: 401, retryable: false },
  FORBIDDEN: { status: 403, retryable: false },
  BLOCKED: { status: 403, retryable: false },
  NOT_FRIENDS: { status: 403, retryable: false },
  NOT_ANSWERED: { status: 403, retryable: false },
  BANNED: { status: 403, retryable: false },
  MUTED: { status: 403, retryable: false },
  NOT_A_MEMBER: { status: 403, retryable: false },
  ADDRESS_EXPIRED: { status: 403, retryable: false },
  NOT_FOUND: { status: 404, retryable: false },
  REGISTRATION_CLOSED: { status: 403, retryable: false },
  TENANT_NOT_FOUND: { status: 404, retryable: false },
  USER_NOT_FOUND: { status: 404, retryable: false },
  CONVERSATION_NOT_FOUND: { status: 404, retryable: false },
  MESSAGE_NOT_FOUND: { status: 404, retryable: false },
  MEDIA_NOT_FOUND: { status: 404, retryable: false },
  REQUEST_NOT_FOUND: { status: 404, retryable: false },
  UNKNOWN_EVENT: { status: 404, retryable: false },
  METHOD_NOT_ALLOWED: { status: 405, retryable: false },
  REQUEST_TIMEOUT: { status: 408, retryable: true },
  ACCOUNT_TAKEN: { status: 409, retryable: false },
  CONFLICT: { status: 409, retryable: false },
  ALREADY_FRIENDS: { status: 409, retryable: false },
  TOO_LATE: { status: 409, retryable: false },
  LIMIT_REACHED: { status: 409, retryable: false },
  GROUP_FULL: { status: 409, retryable: false },
  TOO_LARGE: { status: 413, retryable: false },
  TOO_MANY_ATTEMPTS: { status: 429, retryable: true },
  TOO_MANY_CONNECTIONS: { status: 429, retryable: false },
  QUOTA_EXCEEDED: { status: 429, retryable: true },
  RATE_LIMITED: { status: 429, retryable: true },
  HEADERS_TOO_LARGE: { status: 431, retryable: false },
  INTERNAL: { status: 500, retryable: false },
  BUSY: { status: 503, retryable: true },
  UNAVAILABLE: { status: 503, retryable: true },
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** A refusal that may be shown to the caller. Anything else that is thrown is answered as INTERNAL and logged. */
export class AppError extends Error {
  readonly status: number;
  readonly retryable: boolean;

  constructor(
    readonly code: ErrorCode,
    readonly details?: unknown,
    /** After so many milliseconds, and not before, the same request may succeed. */
    readonly retryAfterMs?: number,
  ) {
    super(code);
    this.name = 'AppError';
    this.status = ERRORS[code].status;
    this.retryable = ERRORS[code].retryable;
  }
}

/** Throws the code that a rule of app/policy has refused with, if any, and the details that belong to that code. */
export function assertAllowed(denial: ErrorCode | undefined, details: Partial<Record<ErrorCode, unknown>> = {}): void {
  if (denial) throw new AppError(denial, details[denial]);
}

/** For `catch`: takes refusals with these codes as if nothing had been asked, and throws all else. */
export function passOver(...codes: readonly ErrorCode[]): (error: unknown) => void {
  return error => {
    if (!(error instanceof AppError) || !codes.includes(error.code)) throw error;
  };
}

/** Input that is not as it has to be; `path` is a JSON pointer into it. */
export function invalidInput(path: string, message: string): AppError {
  return new AppError('INVALID_INPUT', [{ path, message }]);
}
