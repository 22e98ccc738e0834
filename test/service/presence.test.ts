import assert from 'node:assert/strict';
import { groupOf, idsOf } from '../support/group';
import { people, person, text, type Person } from '../support/person';
import { befriend, block, changesOf, online, toldOf } from '../support/presence';
import { refused } from '../support/refusal';
import { app, mm } from '../support/service';

/** Two friends. */
async function friends(): Promise<[Person, Person]> {
  const [ann, bob] = await people(2);
  await befriend(ann, bob);
  return [ann, bob];
}

const quickly = () => mm(app.presence.options, 'graceMs', 50);

describe('whoever watches a friend', () => {
  it('is told when he comes online, on which platforms, and when he has gone', async () => {
    quickly();
    const ann = await person();
    const bob = await person({ platform: 'ios' });
    const cat = await person();
    await befriend(ann, bob);
    const tablet = await ann.login();
    const [a, second, c] = [await ann.connect(), await tablet.connect(), await cat.connect()];
    const [before] = await a.call('presence.watch', { userIds: [bob.id] });
    assert.deepEqual([before.userId, before.online, before.platforms], [bob.id, false, []]);

    const phone = await bob.connect();
    assert.deepEqual(await toldOf(a, bob, 'ios'), { userId: bob.id, online: true, platforms: ['ios'] });
    const laptop = await bob.login({ platform: 'web' });
    const onLaptop = await laptop.connect();
    await toldOf(a, bob, 'ios+web');
    phone.wire.disconnect();
    await toldOf(a, bob, 'web');
    const left = Date.now();
    onLaptop.wire.disconnect();
    const { online, lastSeenAt } = await toldOf(a, bob, 'offline');
    assert.equal(online, false);
    assert.ok(Math.abs(Date.parse(lastSeenAt!) - left) < 5000, lastSeenAt);
    assert.deepEqual(changesOf(a, bob), ['ios', 'ios+web', 'web', 'offline']);
    for (const other of [second, c]) assert.deepEqual(other.told('presence:changed'), [], 'who has not asked');
  });

  it('is told on each device that watches, and no two devices of a platform are two platforms', async () => {
    quickly();
    const [ann, bob] = await friends();
    const [a, second] = [await ann.connect(), await (await ann.login()).connect()];
    for (const client of [a, second]) await client.call('presence.watch', { userIds: [bob.id] });
    const one = await bob.connect();
    const two = await (await bob.login()).connect();
    await Promise.all([toldOf(a, bob, 'other'), toldOf(second, bob, 'other')]);
    one.wire.disconnect();
    two.wire.disconnect();
    await Promise.all([toldOf(a, bob, 'offline'), toldOf(second, bob, 'offline')]);
    for (const client of [a, second]) assert.deepEqual(changesOf(client, bob), ['other', 'offline']);
  });

  it('sees nothing of a connection that is lost and comes back within two seconds', async () => {
    const [ann, bob] = await friends();
    const cat = await person();
    await befriend(ann, cat);
    const [a, b, c] = [await ann.connect(), await online(bob), await online(cat)];
    const states = await a.call('presence.watch', { userIds: [bob.id, cat.id] });
    assert.ok(states.every(each => each.online));
    b.wire.disconnect();
    c.wire.disconnect();
    await bob.connect();
    await toldOf(a, cat, 'offline');
    assert.deepEqual(changesOf(a, bob), []);
    assert.equal((await a.call('presence.show', { userIds: [bob.id] }))[0].online, true);
  });

  it('is told the truth in the end, however many connections come and go at once', async () => {
    mm(app.presence.options, 'graceMs', 0);
    const [ann, bob] = await friends();
    const a = await ann.connect();
    await a.call('presence.watch', { userIds: [bob.id] });
    const devices: Person[] = [];
    while (devices.length < 8) devices.push(await bob.login());
    const connections = await Promise.all(devices.map(each => each.connect()));
    for (const each of connections.slice(1)) each.wire.disconnect();
    const back = await Promise.all(devices.slice(1).map(each => each.connect()));
    for (const each of back) each.wire.disconnect();
    await toldOf(a, bob, 'other');
    const [key] = (await app.redis.keys(`*:presence:${bob.id}`)) as [string];
    while ((await app.redis.zcard(key)) > 1);
    assert.equal((await a.call('presence.show', { userIds: [bob.id] }))[0].online, true);
    connections[0].wire.disconnect();
    await toldOf(a, bob, 'offline');
    assert.deepEqual(changesOf(a, bob), ['other', 'offline']);
  });

  it('is told that a session was ended', async () => {
    quickly();
    const [ann, bob] = await friends();
    const [a, b] = [await ann.connect(), await online(bob)];
    await a.call('presence.watch', { userIds: [bob.id] });
    await bob.ask('auth.logout');
    await b.closed();
    await toldOf(a, bob, 'offline');
  });

  it('is told nothing more once it is enough, or the device has gone', async () => {
    quickly();
    const [ann, bob] = await friends();
    const cat = await person();
    await befriend(ann, cat);
    const [a, gone] = [await ann.connect(), await (await ann.login()).connect()];
    for (const client of [a, gone]) await client.call('presence.watch', { userIds: [bob.id, cat.id] });
    assert.deepEqual(await a.call('presence.unwatch', { userIds: [bob.id] }), {});
    await a.call('presence.unwatch', { userIds: [bob.id] });
    gone.wire.disconnect();
    await bob.connect();
    await cat.connect();
    await toldOf(a, cat, 'other');
    assert.deepEqual(changesOf(a, bob), []);
    assert.deepEqual(gone.told('presence:changed'), []);
  });

  it('may watch 1,000 users and no more', async () => {
    const ann = await person();
    const userId = Number(ann.id);
    const ids = Array.from({ length: 1001 }, (_, index) => index + 1);
    await app.model.Friend.bulkCreate(ids.map(friendId => ({ userId, friendId })));
    const a = await ann.connect();
    const watch = (from: number, to: number) => a.call('presence.watch', { userIds: ids.slice(from, to).map(String) });
    for (let from = 0; from < 1000; from += 200) await watch(from, from + 200);
    await watch(0, 200);
    assert.deepEqual((await refused(watch(1000, 1001), 'LIMIT_REACHED')).details, { limit: 1000 });
    await a.call('presence.unwatch', { userIds: ['7'] });
    await watch(1000, 1001);
  });
});

describe('presence is shown', () => {
  it('once, in the order asked for, by REST and by event', async () => {
    const [ann, bob] = await friends();
    const cat = await person({ platform: 'web' });
    await groupOf([ann, cat]);
    const [a] = [await online(ann), await online(cat)];
    const userIds = [cat.id, bob.id, ann.id];
    const shown = await ann.call('presence.show', { userIds });
    assert.deepEqual(
      shown.map(each => [each.userId, each.online, each.platforms]),
      [
        [cat.id, true, ['web']],
        [bob.id, false, []],
        [ann.id, true, ['other']],
      ],
    );
    assert.deepEqual(await a.call('presence.show', { userIds }), shown);
    await bob.connect();
    assert.deepEqual(changesOf(a, bob), [], 'to show is not to watch');
  });

  it('of friends, of members of a common group and of oneself, and of nobody else', async () => {
    const [ann, friend, member, stranger, peer, blocker] = await people(6);
    const foreigner = await person({ app: 'elsewhere' });
    await befriend(ann, friend);
    await befriend(ann, blocker);
    await groupOf([member, ann, blocker]);
    await ann.ask('message.send', { body: { to: { userId: peer.id }, ...text('hello') } });
    await block(blocker, ann);
    await block(ann, friend);
    const a = await ann.connect();
    await a.call('presence.watch', { userIds: idsOf([friend, member, ann]) });
    await ann.call('presence.show', { userIds: idsOf([friend, member, ann]) });

    const hidden = [...idsOf([stranger, peer, blocker, foreigner]), '7'];
    for (const who of [a, ann]) {
      const failure = await refused(who.call('presence.show', { userIds: [friend.id, ...hidden] }), 'FORBIDDEN');
      assert.deepEqual(failure.details, { userIds: hidden });
      for (const id of hidden) await refused(who.call('presence.show', { userIds: [id] }), 'FORBIDDEN');
    }
    const failure = await refused(a.call('presence.watch', { userIds: hidden }), 'FORBIDDEN');
    assert.deepEqual(failure.details, { userIds: hidden });
    await refused(foreigner.call('presence.show', { userIds: [ann.id] }), 'FORBIDDEN');
  });

  it('of nobody when one of them may not be watched', async () => {
    const [ann, bob] = await friends();
    const [cat, dan] = await people(2);
    await befriend(ann, dan);
    const a = await ann.connect();
    await refused(a.call('presence.watch', { userIds: [bob.id, cat.id] }), 'FORBIDDEN');
    await a.call('presence.watch', { userIds: [dan.id] });
    await bob.connect();
    await dan.connect();
    await toldOf(a, dan, 'other');
    assert.deepEqual(changesOf(a, bob), []);
  });

  it('of members of a common group, also when the groups are many', async () => {
    const [ann, bob, cat] = await people(3);
    const rows = Array.from({ length: 90 }, (_, index) => ({ id: Number(ann.id) * 4 + index, ownerId: 1, name: 'x' }));
    await app.model.ChatGroup.bulkCreate(rows);
    const at = { joinedAt: new Date() };
    const places = rows.map(({ id }) => ({ conversationId: id, userId: Number(ann.id), ...at }));
    const last = { conversationId: rows[89].id, userId: Number(bob.id), ...at };
    await app.model.ConversationMember.bulkCreate([...places, last]);
    await ann.call('presence.show', { userIds: [bob.id] });
    const { details } = await refused(ann.call('presence.show', { userIds: [bob.id, cat.id] }), 'FORBIDDEN');
    assert.deepEqual(details, { userIds: [cat.id] });
  });
});

describe('a user who hides', () => {
  const hide = (who: Person, hidePresence: boolean) => who.call('user.update', { hidePresence });

  it('is offline to others at once, and back at once when it is over', async () => {
    const [ann, bob] = await friends();
    const [a, b] = [await ann.connect(), await online(bob)];
    assert.equal((await a.call('presence.watch', { userIds: [bob.id] }))[0].online, true);
    await b.call('presence.watch', { userIds: [bob.id] });
    await hide(bob, true);
    const nothing = { userId: bob.id, online: false, platforms: [] };
    assert.deepEqual(await toldOf(a, bob, 'offline'), nothing);
    assert.deepEqual(await ann.call('presence.show', { userIds: [bob.id] }), [nothing]);
    assert.equal((await bob.call('presence.show', { userIds: [bob.id] }))[0].online, true, 'not to himself');

    await hide(bob, false);
    assert.deepEqual((await toldOf(a, bob, 'other')).online, true);
    assert.deepEqual(changesOf(a, bob), ['offline', 'other']);
    assert.deepEqual(changesOf(b, bob), []);
  });

  it('comes and goes without others being told', async () => {
    quickly();
    const [ann, bob] = await friends();
    const cat = await person();
    await befriend(ann, cat);
    await hide(bob, true);
    const [a, own] = [await ann.connect(), await online(bob)];
    await a.call('presence.watch', { userIds: [bob.id, cat.id] });
    await own.call('presence.watch', { userIds: [bob.id] });
    const laptop = await (await bob.login({ platform: 'web' })).connect();
    await toldOf(own, bob, 'other+web');
    laptop.wire.disconnect();
    await toldOf(own, bob, 'other');
    await cat.connect();
    await toldOf(a, cat, 'other');
    assert.deepEqual(changesOf(a, bob), []);
  });
});

describe('the number of users online', () => {
  it('is that of the own tenant, and counts no user twice', async () => {
    quickly();
    const tenant = `count-${Date.now()}`;
    const [ann, bob] = [await person({ app: tenant }), await person({ app: tenant })];
    const other = await person();
    await other.connect();
    assert.deepEqual(await ann.call('presence.count', {}), { count: 0 });
    const [a, , b] = [await online(ann), await online(await ann.login()), await online(bob)];
    for (const who of [a, bob]) assert.deepEqual(await who.call('presence.count', {}), { count: 2 });
    await befriend(ann, bob);
    await a.call('presence.watch', { userIds: [bob.id] });
    b.wire.disconnect();
    await toldOf(a, bob, 'offline');
    assert.deepEqual(await a.call('presence.count', {}), { count: 1 });
  });
});

describe('when a device was last seen', () => {
  const seenAt = async ({ id, deviceId }: Person) =>
    (await app.model.Device.findOne({ where: { userId: Number(id), deviceId } }))!.lastSeenAt.getTime();
  const longAgo = ({ id }: Person) =>
    app.model.Device.update({ lastSeenAt: new Date(0) }, { where: { userId: Number(id) } });

  it('is written when it connects and when its connection ends', async () => {
    quickly();
    const [ann, bob] = await friends();
    await longAgo(bob);
    const a = await ann.connect();
    const [before] = await a.call('presence.watch', { userIds: [bob.id] });
    assert.equal(before.lastSeenAt, '1970-01-01T00:00:00.000Z');
    const b = await bob.connect();
    await toldOf(a, bob, 'other');
    assert.ok(Date.now() - (await seenAt(bob)) < 5000);
    await longAgo(bob);
    b.wire.disconnect();
    const { lastSeenAt } = await toldOf(a, bob, 'offline');
    assert.ok(Date.now() - Date.parse(lastSeenAt!) < 5000);
    assert.equal(await seenAt(bob), Date.parse(lastSeenAt!));
  });

  it('is written now and then while it is connected, of that device alone', async () => {
    const bob = await person();
    const offline = await bob.login();
    await online(bob);
    await longAgo(bob);
    await app.presence.tend();
    assert.ok(Date.now() - (await seenAt(bob)) < 5000);
    assert.equal(await seenAt(offline), 0);
  });
});
