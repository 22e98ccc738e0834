import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Redis, RedisOptions } from 'ioredis';
import { Heartbeat, publisherOf, subscriberOf } from '../../../app/lib/stream/redis';
import { settings } from '../../../config/settings';
import { Proxy } from '../../support/proxy';
import { app } from '../../support/service';

const MEGABYTE = 1 << 20;
const BEAT_MS = 50;

describe('connections to Redis', () => {
  const connections: Redis[] = [];
  const beats: Heartbeat[] = [];

  afterEach(async () => {
    await Promise.all(beats.splice(0).map(each => each.stop()));
    connections.splice(0).forEach(each => each.disconnect());
  });

  /** A connection that is ready, by a way of its own if one is given. */
  async function ready(make: (redis: Redis) => Redis, options: RedisOptions = {}): Promise<Redis> {
    const base = app.redis.duplicate({ ...options, lazyConnect: true });
    const redis = make(base);
    connections.push(base, redis);
    if (redis.status === 'wait') void redis.connect();
    await once(redis, 'ready');
    return redis;
  }

  const ownWay = () => new Proxy({ host: settings.redis.host, port: settings.redis.port });

  it('drop publishes past a few megabytes that wait for a slow Redis, and go on when it is fast again', async () => {
    const way = ownWay();
    const publisher = await ready(publisherOf, { host: '127.0.0.1', port: way.port });
    const subscriber = await ready(subscriberOf);
    await subscriber.subscribe('test:large');
    let received = 0;
    subscriber.on('messageBuffer', () => received++);
    way.throttle(100_000);
    const large = 'x'.repeat(MEGABYTE);
    const publishing = Array.from({ length: 50 }, () => publisher.publish('test:large', large));
    assert.ok(publisher.stream.writableLength < 6 * MEGABYTE, `${publisher.stream.writableLength} bytes wait`);
    way.restore();
    const heard = (await Promise.all(publishing)).filter(receivers => receivers === 1).length;
    assert.ok(heard >= 4 && heard <= 6, `${heard} of 50`);

    const last = once(subscriber, 'messageBuffer');
    assert.equal(await publisher.publish('test:large', 'small'), 1);
    await last;
    assert.ok(received > 0);
  });

  it('that publish fail for nobody when Redis is away', async () => {
    const way = ownWay();
    const publisher = await ready(publisherOf, { host: '127.0.0.1', port: way.port });
    const closed = once(publisher, 'close');
    way.cut();
    await closed;
    assert.equal(await publisher.publish('test:any', 'any'), 0);
  });

  it('that subscribe are connected anew when they hear nothing of their own, and hear again', async () => {
    const way = ownWay();
    const subscriber = await ready(subscriberOf, { host: '127.0.0.1', port: way.port, disconnectTimeout: BEAT_MS });
    await subscriber.subscribe('test:pushes');
    beats.push(new Heartbeat(app.redis, subscriber, 'test', BEAT_MS));
    await once(subscriber, 'messageBuffer');

    // The network has lost the connection without a word to this end.
    const closed = once(subscriber, 'close');
    way.hang();
    await closed;
    way.restore();
    const heard = new Promise<void>(resolve =>
      subscriber.on('messageBuffer', (channel: Buffer) => channel.toString() === 'test:pushes' && resolve()),
    );
    while ((await app.redis.publish('test:pushes', 'again')) === 0);
    await heard;
  });

  it('that subscribe stay as long as they hear, and while Redis is away', async () => {
    const way = ownWay();
    const subscriber = await ready(subscriberOf);
    const speaking = await ready(redis => redis.duplicate(), { host: '127.0.0.1', port: way.port });
    speaking.on('error', () => undefined);
    let closes = 0;
    subscriber.on('close', () => closes++);
    beats.push(new Heartbeat(speaking, subscriber, 'test', 1));
    for (let heard = 0; heard < 10; heard++) await once(subscriber, 'messageBuffer');
    const gone = once(speaking, 'close');
    way.cut();
    await gone;
    way.restore();
    await once(speaking, 'ready');
    for (let heard = 0; heard < 10; heard++) await once(subscriber, 'messageBuffer');
    assert.equal(closes, 0);
  });
});
