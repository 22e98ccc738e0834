import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Redis } from 'ioredis';
import { decode, encode, RedisBus } from '../../../app/lib/stream/bus';
import type { Publication } from '../../../app/lib/stream/entry';
import { app } from '../../support/service';

const one: Publication = { to: [7, 1, 8, 30], tail: `"type":"message.new","data":{"text":"a b\\n🀄️ \u2028"}}` };
const other: Publication = { to: [9, 2], tail: '"type":"friend.removed","data":{"userId":"7"}}' };

describe('publications between nodes', () => {
  const connections: Redis[] = [];
  afterEach(() => connections.splice(0).forEach(each => each.disconnect()));

  /** A node on the channel, and what it has received. */
  async function node(channel: string) {
    const redis = [app.redis.duplicate(), app.redis.duplicate({ enableOfflineQueue: true })];
    connections.push(...redis);
    await Promise.all(redis.map(each => once(each, 'ready')));
    const bus = new RedisBus(redis[0], redis[1], channel);
    const received: Publication[][] = [];
    bus.listen(publications => received.push(publications));
    return { bus, received, redis: redis[1] };
  }

  it('come out as they went in', () => {
    assert.deepEqual(decode(encode([one, other])), [one, other]);
    assert.deepEqual(decode(encode([other])), [other]);
  });

  it('reach the other nodes of the channel, and not the one that has sent them', async () => {
    const [sender, receiver, stranger] = [await node('test:push'), await node('test:push'), await node('elsewhere')];
    // Redis answers in order: a connection that has an answer has subscribed before.
    for (const { redis } of [sender, receiver, stranger]) await redis.subscribe('test:ready');
    const heard = once(receiver.redis, 'messageBuffer');
    sender.bus.send([one, other]);
    await heard;
    assert.deepEqual(receiver.received, [[one, other]]);
    const answered = new Promise<void>(resolve => sender.bus.listen(() => resolve()));
    receiver.bus.send([other]);
    await answered;
    assert.deepEqual(sender.received, [[other]], 'and nothing of its own');
    assert.deepEqual(stranger.received, []);
  });
});
