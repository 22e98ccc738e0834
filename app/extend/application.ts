import type { Application, Context } from 'egg';
import type { LRUCache } from 'lru-cache';
import { Server } from 'socket.io';
import { isConflict, isOutage } from '../lib/database/outage';
import type { Engine } from '../lib/engine';
import type { OpenCalls } from '../lib/queue/open_calls';
import type { Limits } from '../lib/limit/limits';
import { parserOf } from '../lib/stream/parser';
import type { ImServer } from '../lib/stream/socket';
import { AppError, type ErrorCode } from '../schema/errors';
import type { Presence } from '../lib/presence/presence';
import type { Tokens } from '../lib/auth/tokens';

const IO = Symbol('egg-im#io');
const COMMON = Symbol('egg-im#common');
/** A connection that has not joined a namespace by then is closed. */
const CONNECT_TIMEOUT_MS = 10_000;

/** What a caller is told when a request fails, on either transport. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  readonly details?: unknown;
}

/** Errors of the database carry the statement with its values: message texts and password hashes are not for the log. */
function withoutValues(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack } = error;
  return Object.assign(new Error(message), { name, stack });
}

interface Extension {
  readonly io: ImServer;
  readonly common: Context;
  failureOf(error: unknown, locale: string): Failure;
  elsewhere(locale?: string): Failure;
}

/** Services are made for the context that first asks for them: what inherits from this one has them too. */
function withServices(ctx: Context): Context {
  Reflect.get(ctx, 'service');
  return ctx;
}

/** What a failure of the database means for the caller; it is INTERNAL when it means a mistake of ours. */
function codeOf(error: unknown): 'UNAVAILABLE' | 'BUSY' | 'INTERNAL' {
  if (isOutage(error)) return 'UNAVAILABLE';
  return isConflict(error) ? 'BUSY' : 'INTERNAL';
}

const extension: Extension & ThisType<Application & { [IO]?: ImServer; [COMMON]?: Context }> = {
  /** Socket.IO 4 in place of the 2.5 that egg-socket.io brings: it also serves clients of 2.x and 3.x. */
  get io() {
    const { packetMaxBytes } = this.config.im;
    const noNamespace = () => ({ message: 'NOT_FOUND', data: this.elsewhere() });
    const options = { packetMaxBytes, noNamespace };
    return (this[IO] ??= new Server({ connectTimeout: CONNECT_TIMEOUT_MS, parser: parserOf(options) }));
  },

  /** The context of all that is no request of HTTP, with the services that they share: making them for each connection is dear. */
  get common() {
    return (this[COMMON] ??= withServices(this.createAnonymousContext()));
  },

  /** What a client is told that has come to another namespace than `/im`. */
  elsewhere(locale = 'en-US') {
    return this.failureOf(new AppError('NOT_FOUND', { namespace: '/im' }), locale);
  },

  /** `locale` as `ctx.localeFor` answers it. What is not an AppError is logged and told as INTERNAL, without its words. */
  failureOf(error, locale) {
    const known = error instanceof AppError ? error : new AppError(codeOf(error));
    if (known.code === 'INTERNAL') this.logger.error(withoutValues(error));
    const { code, retryable, retryAfterMs, details } = known;
    const message = this.__(locale, code);
    return {
      code,
      message,
      retryable,
      ...(retryAfterMs && { retryAfterMs }),
      ...(details !== undefined && { details }),
    };
  },
};

export default extension;

declare module 'egg' {
  interface Application {
    io: ImServer;
    readonly common: Context;
    readonly failureOf: Extension['failureOf'];
    readonly __: (locale: string, key: string) => string;
    calls: OpenCalls;
    engine: Engine;
    limits: Limits;
    presence: Presence;
    tokens: Tokens;
    /** Ids of single conversations by their two users: they never change. */
    singles: LRUCache<string, Promise<number>>;
  }
}
