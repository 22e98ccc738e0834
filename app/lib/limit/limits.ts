import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import { AppError } from '../../schema/errors';
import { limited, type Limited, type LimitKind } from '../../schema/limits';

/** How long a call waits for Redis to count it. */
const COUNT_MS = 200;

/** A connection that counts. */
export function counterOf(redis: Redis): Redis {
  // What ails the server, the first connection logs already.
  return redis.duplicate({ commandTimeout: COUNT_MS }).on('error', () => undefined);
}

/** How much there may be of each kind in its time; 0: any number. */
export type Bounds = Readonly<Record<LimitKind, number>>;

/** Counts what users, addresses and conversations ask for, and refuses what is too much. */
export class Limits {
  private readonly limiters = new Map<string, RateLimiterAbstract>();

  /** @param redis the connection that counts; without an answer in time the worker counts by itself */
  constructor(bounds: Bounds, redis: Redis, prefix: string) {
    for (const [kind, { seconds: duration, local, revocable }] of Object.entries<Limited>(limited)) {
      const points = bounds[kind as LimitKind];
      if (points === 0) continue;
      const options = { keyPrefix: `${prefix}:limit:${kind}`, points, duration };
      const memory = new RateLimiterMemory(options);
      const shared = {
        ...options,
        storeClient: redis,
        insuranceLimiter: memory,
        rejectIfRedisNotReady: true,
        // Who floods is refused without a word to Redis.
        ...(!revocable && { inMemoryBlockOnConsumed: points + 1 }),
      };
      this.limiters.set(kind, local ? memory : new RateLimiterRedis(shared));
    }
  }

  /**
   * Counts so many more of a kind, of whoever the key names. Returns the milliseconds until it is counted from the beginning.
   * Throws RATE_LIMITED, or the code of the kind.
   */
  async take(kind: LimitKind, key: string | number, points = 1): Promise<number> {
    try {
      const taken = await this.limiters.get(kind)?.consume(key, points);
      return taken?.msBeforeNext ?? 0;
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const { code = 'RATE_LIMITED' }: Limited = limited[kind];
      throw new AppError(code, { limit: kind }, Math.max(refusal.msBeforeNext, 1));
    }
  }

  /**
   * Counts so many more of a kind that is revocable, which may turn out to be too many. Returns how to give back those that
   * were. Throws as `take` does, and has counted nothing then.
   */
  async reserve(kind: LimitKind, key: string | number, points: number): Promise<(unused: number) => Promise<void>> {
    try {
      const until = performance.now() + (await this.take(kind, key, points));
      // Later it is counted from the beginning: what is given back would be more than was taken.
      return async unused => (performance.now() < until ? this.giveBack(kind, key, unused) : undefined);
    } catch (refusal) {
      await this.giveBack(kind, key, points);
      throw refusal;
    }
  }

  /** Counts so many less of a kind that is revocable. */
  async giveBack(kind: LimitKind, key: string | number, points = 1): Promise<void> {
    await this.limiters.get(kind)?.reward(key, points);
  }

  /** Counts a kind that is revocable from the beginning. */
  async forget(kind: LimitKind, key: string | number): Promise<void> {
    await this.limiters.get(kind)?.delete(key);
  }
}
