import assert from 'node:assert/strict';
import { Node } from '../support/node';
import { people, person, text, type Person } from '../support/person';
import { befriend, changesOf, online, toldOf, unfriend } from '../support/presence';
import { app, mm } from '../support/service';

/** Ends before a test loses patience, and is renewed many times meanwhile. */
const LEASE_MS = 3000;

/** Ann, and so many friends of hers. */
async function annAndFriends(howMany: number): Promise<Person[]> {
  const [ann, ...others] = await people(1 + howMany);
  for (const other of others) await befriend(ann, other);
  return [ann, ...others];
}

describe('with two nodes', () => {
  let other: Node;

  before(async () => {
    other = await Node.start({ leaseMs: LEASE_MS });
  });

  after(() => other.kill());

  it('who watches at one is told of who comes to the other, and goes', async () => {
    // It is the other node that tells, not a look.
    mm(app.presence.notifier, 'look', () => Promise.resolve());
    const [ann, bob] = await annAndFriends(1);
    const [a, atOther] = [await ann.connect(), await other.connect(ann)];
    for (const client of [a, atOther]) await client.call('presence.watch', { userIds: [bob.id] });
    const b = await other.connect(bob);
    await Promise.all([toldOf(a, bob, 'other'), toldOf(atOther, bob, 'other')]);
    assert.equal((await ann.call('presence.show', { userIds: [bob.id] }))[0].online, true);
    b.wire.disconnect();
    await Promise.all([toldOf(a, bob, 'offline'), toldOf(atOther, bob, 'offline')]);
  });

  it('a user is at both at once', async () => {
    mm(app.presence.options, 'graceMs', 50);
    const [ann, bob] = await annAndFriends(1);
    const laptop = await bob.login({ platform: 'web' });
    const a = await ann.connect();
    await a.call('presence.watch', { userIds: [bob.id] });
    await other.connect(bob);
    await toldOf(a, bob, 'other');
    const here = await laptop.connect();
    await toldOf(a, bob, 'other+web');
    here.wire.disconnect();
    await toldOf(a, bob, 'other');
    assert.deepEqual(changesOf(a, bob), ['other', 'other+web', 'other']);
  });

  it('a change that no node has told of is seen by a look', async () => {
    mm(app.io.of('/im'), 'serverSideEmit', () => true);
    const [ann, bob] = await annAndFriends(1);
    const a = await other.connect(ann);
    await a.call('presence.watch', { userIds: [bob.id] });
    await bob.connect();
    await toldOf(a, bob, 'other');
  });

  it('who may not watch any more is found at all of them', async () => {
    const [ann, bob, cat] = await annAndFriends(2);
    const a = await other.connect(ann);
    await a.call('presence.watch', { userIds: [bob.id, cat.id] });
    await unfriend(ann, bob);
    app.createAnonymousContext().service.presence.recheck([Number(ann.id), Number(bob.id)]);
    await bob.connect();
    await cat.connect();
    await toldOf(a, cat, 'other');
    assert.deepEqual(changesOf(a, bob), []);
  });

  it('who types at one is seen at the other', async () => {
    const [ann, bob] = await people(2);
    const [a, second, b] = [await ann.connect(), await other.connect(await ann.login()), await other.connect(bob)];
    const { conversationId } = await a.send({ to: { userId: bob.id }, ...text('hello') });
    await a.call('conversation.typing', { conversationId, typing: true });
    assert.deepEqual(await b.first('conversation:typing'), { conversationId, userId: ann.id, typing: true });
    assert.deepEqual(second.told('conversation:typing'), []);
  });

  it('users of one that is killed are offline when their leases have ended, but who has come back is not', async () => {
    const tenant = `killed-${Date.now()}`;
    const [ann, bob, cat] = [
      await person({ app: tenant }),
      await person({ app: tenant }),
      await person({ app: tenant }),
    ];
    for (const each of [bob, cat]) await befriend(ann, each);
    const a = await online(ann);
    await a.call('presence.watch', { userIds: [bob.id, cat.id] });
    await Promise.all([other.connect(bob), other.connect(cat)]);
    await Promise.all([toldOf(a, bob, 'other'), toldOf(a, cat, 'other')]);
    assert.deepEqual(await ann.call('presence.count', {}), { count: 3 });

    await other.kill();
    const killed = Date.now();
    assert.equal((await ann.call('presence.show', { userIds: [bob.id] }))[0].online, true);
    await cat.connect();
    const { lastSeenAt } = await toldOf(a, bob, 'offline', LEASE_MS + 5000);
    assert.ok(killed - Date.parse(lastSeenAt!) < 60_000, lastSeenAt);
    assert.deepEqual([changesOf(a, bob), changesOf(a, cat)], [['other', 'offline'], ['other']]);
    assert.deepEqual(await ann.call('presence.count', {}), { count: 2 });
  });
});

describe('a node that is stopped', () => {
  it('takes the leases of its users away', async () => {
    // Leases that nobody takes away would last for longer than the test.
    const other = await Node.start();
    const [ann, bob, cat] = await annAndFriends(2);
    const a = await ann.connect();
    await a.call('presence.watch', { userIds: [bob.id, cat.id] });
    const b = await other.connect(bob);
    await cat.connect();
    await Promise.all([toldOf(a, bob, 'other'), toldOf(a, cat, 'other')]);
    const stopped = other.stop();
    const { lastSeenAt } = await toldOf(a, bob, 'offline');
    assert.ok(Date.now() - Date.parse(lastSeenAt!) < 5000, lastSeenAt);
    await b.closed();
    await stopped;
    assert.deepEqual(changesOf(a, cat), ['other']);
  });
});
