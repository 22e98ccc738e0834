import assert from 'node:assert/strict';
import { groupOf, idsOf } from '../support/group';
import type { Client } from '../support/client';
import { people, type Person } from '../support/person';
import { befriend, block, changesOf, online, toldOf, unfriend } from '../support/presence';
import { refused } from '../support/refusal';
import { app, mm } from '../support/service';

const recheck = (...persons: Person[]) =>
  app.createAnonymousContext().service.presence.recheck(idsOf(persons).map(Number));

/** Whatever was checked again before is done with: `known`, who stays in permission, comes after all others. */
async function assertUnseen(client: Client, persons: readonly Person[], known: Person): Promise<void> {
  for (const each of [...persons, known]) await online(each);
  await toldOf(client, known, 'other');
  for (const each of persons) assert.deepEqual(changesOf(client, each), []);
}

describe('watching ends', () => {
  it('for both when they are friends no more, and for nobody else', async () => {
    mm(app.presence.options, 'graceMs', 50);
    const [ann, bob, cat] = await people(3);
    for (const [one, other] of [
      [ann, bob],
      [ann, cat],
      [bob, cat],
    ])
      await befriend(one, other);
    const [a, b] = [await ann.connect(), await online(bob)];
    await a.call('presence.watch', { userIds: [bob.id, cat.id] });
    await b.call('presence.watch', { userIds: [ann.id, cat.id] });
    await unfriend(ann, bob);
    recheck(ann, bob);
    await online(cat);
    await Promise.all([toldOf(a, cat, 'other'), toldOf(b, cat, 'other')]);
    b.wire.disconnect();
    const again = await online(bob);
    a.wire.disconnect();
    assert.deepEqual([changesOf(a, bob), changesOf(b, ann)], [[], []]);
    await refused(again.call('presence.watch', { userIds: [ann.id] }), 'FORBIDDEN');
  });

  it('for who is blocked, and not for who blocks', async () => {
    const [ann, bob, cat] = await people(3);
    await befriend(ann, bob);
    await befriend(ann, cat);
    const a = await ann.connect();
    await a.call('presence.watch', { userIds: [bob.id, cat.id] });
    await block(ann, cat);
    await block(bob, ann);
    recheck(ann, bob);
    recheck(ann, cat);
    await assertUnseen(a, [bob], cat);
  });

  it('for all in it who has left the group, or was removed', async () => {
    const [ann, bob, cat, dan] = await people(4);
    const { id } = await groupOf([ann, bob, cat, dan]);
    const [a, c] = [await ann.connect(), await cat.connect()];
    await a.call('presence.watch', { userIds: [bob.id, dan.id] });
    await c.call('presence.watch', { userIds: [bob.id, dan.id] });
    await ann.ask('member.remove', { id, body: { userIds: [bob.id] } });
    await cat.ask('group.leave', { id });
    recheck(bob);
    recheck(cat);
    await assertUnseen(a, [bob], dan);
    assert.deepEqual(c.told('presence:changed'), []);
  });

  it('not while another group, or a friendship, is left', async () => {
    const [ann, bob, cat] = await people(3);
    const one = await groupOf([ann, bob, cat]);
    await groupOf([ann, bob]);
    await befriend(ann, cat);
    const a = await ann.connect();
    await a.call('presence.watch', { userIds: [bob.id, cat.id] });
    await ann.ask('member.remove', { id: one.id, body: { userIds: [bob.id, cat.id] } });
    recheck(bob, cat);
    await online(bob);
    await online(cat);
    await Promise.all([toldOf(a, bob, 'other'), toldOf(a, cat, 'other')]);
  });

  it('within a minute when nobody says that a relation has ended', async () => {
    const [ann, bob, cat] = await people(3);
    await befriend(ann, bob);
    await befriend(ann, cat);
    const a = await ann.connect();
    await a.call('presence.watch', { userIds: [bob.id, cat.id] });
    await unfriend(ann, bob);
    assert.equal(app.presence.options.tendMs, 60_000);
    await app.presence.tend();
    await assertUnseen(a, [bob], cat);
  });

  it('and who hides without being announced is found by then, too', async () => {
    const [ann, bob] = await people(2);
    await befriend(ann, bob);
    const a = await ann.connect();
    await online(bob);
    await a.call('presence.watch', { userIds: [bob.id] });
    await app.model.User.update({ hidePresence: true }, { where: { id: Number(bob.id) } });
    await app.presence.tend();
    await toldOf(a, bob, 'offline');
  });
});
