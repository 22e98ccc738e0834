import assert from 'node:assert/strict';
import type { Session } from '../../../app/lib/database/session';
import { unitsOver } from '../../../app/lib/unit_of_work';
import { MemberCache } from '../../../app/lib/message/members';
import type { Publication } from '../../../app/lib/stream/entry';
import { absentees } from '../../support/notice';
import { app, select } from '../../support/service';
import { blocked, streamAfter } from '../../support/unit';

/** Commits entries, of which each is given by its receivers; returns what is pushed, and how many round trips it took. */
async function commit(...entries: (readonly number[])[]): Promise<{ pushed: Publication[]; trips: number }> {
  const pushed: Publication[] = [];
  let trips = 0;
  const run = unitsOver<Session>(
    work =>
      app.engine.database.begin(({ query, commit }) =>
        work({
          query: (statements, before) => (trips++, query(statements, before)),
          commit: (statements, selects) => (trips++, commit(statements, selects)),
        }),
      ),
    new MemberCache(),
    publications => pushed.push(...publications),
  );
  await run(async unit => {
    await unit.now();
    for (const [index, receiverIds] of entries.entries()) unit.record(blocked(String(index), receiverIds));
  });
  await new Promise(setImmediate);
  return { pushed, trips };
}

const ends = async (ids: readonly number[]) => {
  const rows = await select('SELECT user_id, last_seq FROM user_inbox WHERE user_id IN (:ids) ORDER BY user_id', {
    ids,
  });
  return rows.map(row => row.last_seq as number);
};

describe('an entry alone in its transaction', () => {
  it('goes behind the end of each stream, in the round trip of the commit', async () => {
    const [ann, bob, cat] = (await absentees(3)).map(Number);
    await commit([ann, bob], [ann]);
    const { pushed, trips } = await commit([cat, ann, bob]);
    assert.equal(trips, 2, 'the time, and all else');
    assert.deepEqual(await ends([ann, bob, cat]), [3, 2, 1]);
    assert.deepEqual(
      pushed.map(each => each.to),
      [[ann, 3, bob, 2, cat, 1]],
    );
    const [row, ...more] = await streamAfter(ann, 2);
    assert.deepEqual([row.syncSeq, row.type, more.length], [3, 'block.updated', 0]);
  });

  it('reaches more users than one statement names', async () => {
    const ids = (await absentees(501)).map(Number).sort((a, b) => a - b);
    const { pushed } = await commit(ids);
    assert.deepEqual(
      pushed.map(each => each.to),
      [ids.flatMap(id => [id, 1])],
    );
    assert.deepEqual(new Set(await ends(ids)), new Set([1]));
  });

  it('comes to nobody when the transaction fails', async () => {
    const [ann, bob] = (await absentees(2)).map(Number);
    const run = unitsOver(app.engine.database.begin, new MemberCache(), () => assert.fail('nothing is pushed'));
    const failed = run(async unit => {
      await unit.now();
      unit.defer('UPDATE nowhere SET a = 1');
      unit.record(blocked('1', [ann, bob]));
    });
    await assert.rejects(failed);
    assert.deepEqual(await ends([ann, bob]), [0, 0]);
  });
});
