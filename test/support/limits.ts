import type { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { counterOf, Limits, type Bounds } from '../../app/lib/limit/limits';
import { app, mm } from './service';

const connections: Redis[] = [];

afterEach(() => {
  for (const each of connections.splice(0)) each.disconnect();
});

/** Limits as another process would have them; those of the same name count together. */
export async function limitsOf(bounds: Partial<Bounds>, name: string = randomUUID()): Promise<Limits> {
  const redis = counterOf(app.redis);
  connections.push(redis);
  await once(redis, 'ready');
  return new Limits({ ...app.config.im.limits, ...bounds }, redis, `${app.config.im.redisPrefix}:${name}`);
}

/** The service has these limits until the end of the test. */
export async function limit(bounds: Partial<Bounds>): Promise<void> {
  mm(app, 'limits', await limitsOf(bounds));
}

/** The service stands behind so many proxies until the end of the test. */
export function behindProxies(howMany: number): void {
  mm(app.config, 'proxy', true);
  mm(app.config, 'maxIpsCount', howMany);
}

/** A request from an address, as the proxy in front of the service passes it on. */
export const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
