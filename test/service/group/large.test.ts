import assert from 'node:assert/strict';
import { newId } from '../../../app/lib/database/ids';
import type { EntryType } from '../../../app/schema/sync';
import { groupOf } from '../../support/group';
import { people, type Person } from '../../support/person';
import { app, count, mm } from '../../support/service';

const SIZE = 2000;
/** A call takes fewer statements than this, however many members there are: an insert takes thousands of rows. */
const STATEMENTS = 60;

/** Stores users who never log in. Returns their ids. */
async function strangers(howMany: number): Promise<string[]> {
  const first = newId();
  const ids = Array.from({ length: howMany }, (_, index) => first + index);
  const user = { app: 'default', passwordHash: 'none', name: 'Pat', allowGroups: 'everyone' as const };
  await app.model.User.bulkCreate(ids.map(id => ({ ...user, id, account: `stored-${id}` })));
  await app.model.UserInbox.bulkCreate(ids.map(userId => ({ userId })));
  return ids.map(String);
}

/** Counts the statements that a call takes. */
async function statementsOf(call: () => Promise<unknown>): Promise<number> {
  const { query } = app.model;
  let statements = 0;
  mm(app.model, 'query', function (this: unknown, ...args: unknown[]) {
    statements++;
    return Reflect.apply(query, app.model, args) as unknown;
  });
  await call();
  mm.restore();
  return statements;
}

describe('a group of two thousand', () => {
  let ann: Person;
  let bob: Person;
  let groupId: string;
  let others: string[];

  before(async () => {
    [ann, bob] = await people(2);
    others = await strangers(SIZE - 2);
    ({ id: groupId } = await groupOf([ann, bob]));
    for (let from = 500; from < others.length; from += 500) {
      await ann.call('member.add', { groupId, userIds: others.slice(from, from + 500) });
    }
  });

  /** Asserts that a call takes few statements, and gives each of so many users an entry of that type. */
  async function reaches(howMany: number, type: EntryType, call: () => Promise<unknown>): Promise<void> {
    const from = 'push_history WHERE conversation_id = :groupId AND type = :type';
    const before = await count(from, { groupId, type });
    const statements = await statementsOf(call);
    assert.ok(statements > 0 && statements < STATEMENTS, `${statements} statements`);
    assert.equal((await count(from, { groupId, type })) - before, howMany);
  }

  it('each change of a large group takes few statements, and each member is told', async () => {
    const first = others.slice(0, 500);
    const userId = others[0];
    const mutedUntil = new Date(Date.now() + 3_600_000).toISOString();
    await reaches(SIZE, 'group.members_added', () => ann.call('member.add', { groupId, userIds: first }));
    await reaches(SIZE, 'group.member_updated', () => ann.call('member.update', { groupId, userId, mutedUntil }));
    await reaches(SIZE, 'group.member_updated', () => ann.call('member.update', { groupId, userId, role: 'admin' }));
    await reaches(SIZE, 'group.updated', () => ann.call('group.update', { groupId, muteAll: true }));
    await reaches(SIZE, 'group.updated', () => ann.call('group.transfer', { groupId, userId: bob.id }));
    await reaches(SIZE, 'group.members_removed', () => bob.call('member.remove', { groupId, userIds: first }));
    await reaches(SIZE - 500, 'group.members_removed', () => bob.call('group.leave', { groupId }));
    assert.equal((await ann.call('group.show', { groupId })).memberCount, SIZE - 501);
    await reaches(SIZE - 501, 'group.dissolved', () => ann.call('group.dissolve', { groupId }));
  });

  it('five hundred users are invited, or added, by one call', async () => {
    const { id } = await groupOf([ann, bob]);
    groupId = id;
    const userIds = others.slice(0, 500);
    // One for each of the users, and to the owner a hundred in each entry.
    await reaches(505, 'group.requests', () => ann.call('member.invite', { groupId, userIds }));
    // Adding the users settles their invitations.
    await reaches(505, 'group.requests', () => ann.call('member.add', { groupId, userIds }));
    assert.equal(await count("group_request WHERE group_id = :id AND status = 'accepted'", { id }), 500);
  });

  it('the longest announcement reaches every member, though it is many megabytes in all streams', async () => {
    const { id } = await groupOf([ann, bob]);
    groupId = id;
    for (let from = 0; from < others.length; from += 500) {
      await ann.call('member.add', { groupId, userIds: others.slice(from, from + 500) });
    }
    const announcement = '茶\'"\\'.repeat(500);
    await reaches(SIZE, 'group.updated', () => ann.call('group.update', { groupId, announcement }));
    const { entries } = await bob.call('sync.pull', { after: 0, limit: 500 });
    const updated = entries.filter(each => each.type === 'group.updated').at(-1);
    assert.deepEqual(updated?.data, { group: await ann.call('group.show', { groupId }), by: ann.id });
  });
});
