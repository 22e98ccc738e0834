import assert from 'node:assert/strict';
import { mysql as mysqlWay, redis as redisWay } from '../support/network';
import { people, text, type Person } from '../support/person';
import { befriend, changesOf, online, toldOf } from '../support/presence';
import { refused } from '../support/refusal';
import { app, count, mm } from '../support/service';

const PATIENCE_MS = 20_000;

function hush(): void {
  for (const logger of [app.logger, app.coreLogger]) {
    mm(logger, 'error', () => undefined);
    mm(logger, 'warn', () => undefined);
  }
}

async function friends(): Promise<[Person, Person, Person]> {
  const [ann, bob, cat] = await people(3);
  await befriend(ann, bob);
  await befriend(ann, cat);
  return [ann, bob, cat];
}

describe('presence without Redis', () => {
  const ready = async () => {
    if (app.redis.status !== 'ready') await new Promise(resolve => app.redis.once('ready', resolve));
  };
  const cut = async () => {
    const closed = new Promise(resolve => app.redis.once('close', resolve));
    redisWay.cut();
    await closed;
  };

  beforeEach(hush);

  afterEach(async () => {
    redisWay.restore();
    await ready();
  });

  it('is refused for now, while people connect, go, send and type as ever', async () => {
    mm(app.presence.options, 'graceMs', 50);
    const [ann, bob, cat] = await friends();
    const [a, b] = [await ann.connect(), await online(bob)];
    await a.call('presence.watch', { userIds: [bob.id, cat.id] });
    await cut();
    const userIds = [bob.id];
    for (const who of [a, ann]) {
      assert.equal((await refused(who.call('presence.show', { userIds }), 'UNAVAILABLE')).retryable, true);
      await refused(who.call('presence.count', {}), 'UNAVAILABLE');
    }
    await refused(a.call('presence.watch', { userIds }), 'UNAVAILABLE');
    await a.call('presence.unwatch', { userIds: [ann.id] });
    await a.call('user.update', { hidePresence: true });
    const c = await cat.connect();
    const { conversationId } = await c.send({ to: { userId: ann.id }, ...text('hello') });
    await c.call('conversation.typing', { conversationId, typing: true });
    await a.first('conversation:typing');
    await a.reaches(1);
    b.wire.disconnect();

    redisWay.restore();
    await ready();
    // The lease that nobody could give comes by the next beat.
    await toldOf(a, cat, 'other', PATIENCE_MS);
    assert.equal((await a.call('presence.show', { userIds: [cat.id] }))[0].online, true);
  });

  it('forgets nobody whom it was told to watch before, and watches nobody whom it refused', async () => {
    const [ann, bob, cat] = await friends();
    const a = await ann.connect();
    await a.call('presence.watch', { userIds: [bob.id] });
    await cut();
    await refused(a.call('presence.watch', { userIds: [bob.id, cat.id] }), 'UNAVAILABLE');
    redisWay.restore();
    await ready();
    await online(cat);
    await online(bob);
    await toldOf(a, bob, 'other');
    assert.deepEqual(changesOf(a, cat), []);
  });

  it('comes back with the next beat when Redis has lost everything', async () => {
    const [ann, bob] = await friends();
    const a = await ann.connect();
    await online(bob);
    await a.call('presence.watch', { userIds: [bob.id] });
    await app.redis.flushdb();
    const userId = Number(bob.id);
    for (let tries = 0; ; tries++) {
      if ((await app.presence.leases.platforms([userId])).get(userId)!.length > 0) break;
      assert.ok(tries < 50_000, 'the lease does not come back');
    }
  });

  it('is refused within five seconds when Redis hangs', async () => {
    const [ann, bob] = await friends();
    const a = await ann.connect();
    redisWay.hang();
    const began = performance.now();
    await Promise.all([
      refused(ann.call('presence.count', {}), 'UNAVAILABLE'),
      refused(a.call('presence.show', { userIds: [bob.id] }), 'UNAVAILABLE'),
    ]);
    assert.ok(performance.now() - began < 5000);
  });
});

describe('presence without MySQL', () => {
  beforeEach(hush);

  afterEach(async () => {
    mysqlWay.restore();
    for (let tries = 0; tries < 50; tries++) if (await count('user').catch(() => undefined)) return;
    assert.fail('the service does not find back to its database');
  });

  it('is refused for now, and leases are renewed', async () => {
    const [ann, bob] = await friends();
    const [a] = [await ann.connect(), await online(bob)];
    await a.call('presence.watch', { userIds: [bob.id] });
    mysqlWay.cut();
    await refused(a.call('presence.show', { userIds: [bob.id] }), 'UNAVAILABLE');
    await refused(a.call('presence.watch', { userIds: [bob.id] }), 'UNAVAILABLE');
    assert.equal(typeof (await a.call('presence.count', {})).count, 'number');
    const [key] = (await app.redis.keys(`*:presence:${bob.id}`)) as [string];
    const end = async () => Number((await app.redis.zrange(key, 0, 0, 'WITHSCORES'))[1]);
    const first = await end();
    for (let tries = 0; (await end()) === first; tries++) assert.ok(tries < 50_000, 'the lease is not renewed');
    mysqlWay.restore();
    assert.deepEqual(changesOf(a, bob), []);
  });
});
