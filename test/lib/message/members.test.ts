import assert from 'node:assert/strict';
import type { Query } from '../../../app/lib/database/session';
import { select } from '../../../app/lib/database/statement';
import { MemberCache } from '../../../app/lib/message/members';
import { groupOf } from '../../support/group';
import { people, type Person } from '../../support/person';
import { app } from '../../support/service';

describe('the cache of members', () => {
  let persons: Person[];
  before(async () => (persons = await people(5)));

  const groupOfSize = async (size: number) => Number((await groupOf(persons.slice(0, size))).id);

  /** How many members a conversation has, and whether MySQL was asked for them. */
  async function read(cache: MemberCache, id: number): Promise<{ size?: number; asked: boolean }> {
    let asked = false;
    const { query } = app.engine.database;
    const asking: Query = statements => {
      asked = true;
      return query(statements);
    };
    const [rows] = await query([select('conversation', ['id', 'type', 'member_version'], `WHERE id = ${id}`)]);
    const members = await cache.read(asking, rows);
    return { size: members.get(id)?.ids.length, asked };
  }

  it('forgets the conversation used longest ago when it is full', async () => {
    const cache = new MemberCache(6);
    const [one, two, three] = [await groupOfSize(2), await groupOfSize(2), await groupOfSize(2)];
    for (const id of [one, two]) assert.deepEqual(await read(cache, id), { size: 2, asked: true });
    assert.deepEqual(await read(cache, one), { size: 2, asked: false });
    await read(cache, three);
    for (const id of [one, three]) assert.deepEqual(await read(cache, id), { size: 2, asked: false });
    assert.deepEqual(await read(cache, two), { size: 2, asked: true });
  });

  it('counts members, and not conversations', async () => {
    const cache = new MemberCache(8);
    const [one, two, large] = [await groupOfSize(2), await groupOfSize(2), await groupOfSize(5)];
    for (const id of [one, two, large]) await read(cache, id);
    assert.deepEqual(await read(cache, large), { size: 5, asked: false });
    for (const id of [one, two]) assert.deepEqual(await read(cache, id), { size: 2, asked: true });
  });

  it('does not hold a group that is larger than all it may hold', async () => {
    const cache = new MemberCache(5);
    const [small, large] = [await groupOfSize(4), await groupOfSize(5)];
    for (const id of [small, large, large]) assert.equal((await read(cache, id)).asked, true);
    assert.deepEqual(await read(cache, small), { size: 4, asked: false });
  });

  it('replaces the members of a group that has changed', async () => {
    const cache = new MemberCache(9);
    const [one, two] = [await groupOfSize(3), await groupOfSize(3)];
    for (const id of [one, two]) await read(cache, id);
    await persons[0].call('member.add', { groupId: String(one), userIds: [persons[3].id] });
    assert.deepEqual(await read(cache, one), { size: 4, asked: true });
    assert.deepEqual(await read(cache, one), { size: 4, asked: false });
    assert.deepEqual(await read(cache, two), { size: 3, asked: false });
  });
});
