import assert from 'node:assert/strict';
import { Leases, type Connection } from '../../../app/lib/presence/leases';
import { app } from '../../support/service';

const LONG_MS = 60_000;

let made = 0;

/** A connection of a new user, in a tenant of its own, unless these are given. */
function connection(platform = 'web', given: { userId?: number; app?: string } = {}): Connection {
  const { userId = ++made } = given;
  return { id: `socket-${++made}`, data: { userId, app: given.app ?? `t${userId}`, platform } };
}

describe('a lease', () => {
  const prefix = `egg-im-leases-${Date.now()}`;
  const leases = () => new Leases(app.redis, prefix);
  const platforms = async ({ data }: Connection) => (await leases().platforms([data.userId])).get(data.userId);

  it('makes a user online until the last of them is taken away', async () => {
    const phone = connection('ios');
    const [laptop, tablet] = [connection('web', phone.data), connection('ios', phone.data)];
    assert.deepEqual(await platforms(phone), []);
    await leases().hold([phone, laptop, tablet], LONG_MS);
    assert.deepEqual(await platforms(phone), ['ios', 'web']);
    assert.equal(await leases().count(phone.data.app), 1);
    await leases().release([phone]);
    assert.deepEqual(await platforms(phone), ['ios', 'web']);
    await leases().release([tablet, phone]);
    assert.deepEqual(await platforms(phone), ['web']);
    await leases().release([laptop]);
    assert.deepEqual(await platforms(phone), []);
    assert.equal(await leases().count(phone.data.app), 0);
    assert.deepEqual(await app.redis.keys(`${prefix}:*`), []);
  });

  it('ends by itself unless it is renewed, and leaves nothing behind', async () => {
    const [lost, kept] = [connection(), connection()];
    const neighbour = connection('web', { app: lost.data.app });
    await leases().hold([lost, kept], 1000);
    await leases().hold([kept, neighbour], LONG_MS);
    while ((await platforms(lost))!.length > 0);
    assert.deepEqual(await platforms(kept), ['web']);
    while ((await app.redis.exists(`${prefix}:presence:${lost.data.userId}`)) > 0);
    assert.equal(await app.redis.zcard(`${prefix}:online:${lost.data.app}`), 2, 'not looked at yet');
    assert.equal(await leases().count(lost.data.app), 1);
    assert.equal(await app.redis.zcard(`${prefix}:online:${lost.data.app}`), 1);
  });

  it('of a user does not end with the shorter one of two', async () => {
    const long = connection('ios');
    const short = connection('web', long.data);
    await leases().hold([long], LONG_MS);
    await leases().hold([short], 50);
    assert.ok((await app.redis.pttl(`${prefix}:presence:${long.data.userId}`)) > LONG_MS / 2);
    while ((await platforms(long))!.length === 2);
    await leases().release([short]);
    assert.deepEqual([await platforms(long), await leases().count(long.data.app)], [['ios'], 1]);
  });

  it('is one of thousands', async () => {
    const many = Array.from({ length: 2500 }, () => connection('web', { app: 'many' }));
    const userIds = many.map(each => each.data.userId);
    await leases().hold(many, LONG_MS);
    assert.equal(await leases().count('many'), 2500);
    const all = await leases().platforms([...userIds, 1e15]);
    assert.deepEqual([userIds.every(id => all.get(id)!.length === 1), all.get(1e15)], [true, []]);
    await leases().release(many);
    assert.equal(await leases().count('many'), 0);
  });
});
