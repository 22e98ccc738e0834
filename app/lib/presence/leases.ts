import type { Redis } from 'ioredis';
import { chunks } from '../database/statement';
import { AppError } from '../../schema/errors';

/** A connection as a lease names it. */
export interface Connection {
  readonly id: string;
  readonly data: { readonly userId: number; readonly app: string; readonly platform: string };
}

/** Leases of one script: it runs for less than a millisecond or two, and Redis does nothing else meanwhile. */
const SLICE = 200;

/** Redis has the one clock that all nodes agree on. */
const NOW = `local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)`;

/**
 * Gives connections a lease of ARGV[1] milliseconds, or takes it away with 0. KEYS: for each connection the user's
 * leases and the tenant's users; ARGV after the first: for each its member and its user.
 */
const SETTLE = `${NOW}
local lease = tonumber(ARGV[1])
for i = 1, #KEYS, 2 do
  local user, online, member, id = KEYS[i], KEYS[i + 1], ARGV[i + 1], ARGV[i + 2]
  if lease > 0 then redis.call('ZADD', user, now + lease, member) else redis.call('ZREM', user, member) end
  redis.call('ZREMRANGEBYSCORE', user, '-inf', now)
  redis.call('ZREMRANGEBYSCORE', online, '-inf', now)
  local last = redis.call('ZRANGE', user, -1, -1, 'WITHSCORES')[2]
  if last then
    redis.call('PEXPIREAT', user, last)
    redis.call('ZADD', online, last, id)
  else
    redis.call('ZREM', online, id)
  end
end`;

const READ = `${NOW}
local members = {}
for i, user in ipairs(KEYS) do members[i] = redis.call('ZRANGEBYSCORE', user, '(' .. now, '+inf') end
return members`;

const COUNT = `${NOW}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
return redis.call('ZCARD', KEYS[1])`;

/**
 * Who is connected, in Redis: a sorted set for each user of their connections, and one for each tenant of its users, by
 * the end of the lease. Nobody has to clean up after a node that was killed: its leases end by themselves. Each
 * method throws UNAVAILABLE without Redis.
 */
export class Leases {
  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
  ) {}

  hold(connections: readonly Connection[], leaseMs: number): Promise<void> {
    return this.settle(connections, leaseMs);
  }

  release(connections: readonly Connection[]): Promise<void> {
    return this.settle(connections, 0);
  }

  /** The platforms on which each of these users is connected, in order of name; none of who is offline. */
  async platforms(userIds: readonly number[]): Promise<Map<number, string[]>> {
    const result = new Map<number, string[]>();
    for (const ids of chunks(userIds, SLICE)) {
      const members = await this.run<string[][]>(READ, ids.map(this.userKey), []);
      ids.forEach((id, index) => {
        const names = members[index].map(member => member.slice(member.indexOf('|') + 1));
        result.set(id, [...new Set(names)].sort());
      });
    }
    return result;
  }

  /** How many users of a tenant are connected. */
  async count(app: string): Promise<number> {
    return this.run<number>(COUNT, [this.tenantKey(app)], []);
  }

  private async settle(connections: readonly Connection[], leaseMs: number): Promise<void> {
    for (const slice of chunks(connections, SLICE)) {
      const keys = slice.flatMap(({ data }) => [this.userKey(data.userId), this.tenantKey(data.app)]);
      const members = slice.flatMap(({ id, data }) => [`${id}|${data.platform}`, data.userId]);
      await this.run(SETTLE, keys, [leaseMs, ...members]);
    }
  }

  private readonly userKey = (userId: number) => `${this.prefix}:presence:${userId}`;
  private readonly tenantKey = (app: string) => `${this.prefix}:online:${app}`;

  /** What a script answers is the script's to know. */
  private async run<T>(script: string, keys: readonly string[], values: readonly (string | number)[]): Promise<T> {
    try {
      return (await this.redis.eval(script, keys.length, ...keys, ...values)) as T;
    } catch (cause) {
      throw Object.assign(new AppError('UNAVAILABLE'), { cause });
    }
  }
}
