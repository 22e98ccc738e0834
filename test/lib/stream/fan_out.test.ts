import assert from 'node:assert/strict';
import type { Session } from '../../../app/lib/database/session';
import { unitsOver } from '../../../app/lib/unit_of_work';
import { MemberCache } from '../../../app/lib/message/members';
import type { Publication } from '../../../app/lib/stream/entry';
import { groupOf } from '../../support/group';
import { absentees } from '../../support/notice';
import { people } from '../../support/person';
import { app, select } from '../../support/service';
import { blocked, headOf, namesIn, streamAfter, textDraft } from '../../support/unit';

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

describe('entries that are all for the same users', () => {
  it('go behind the end of each stream, in the round trip of the commit: one', async () => {
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

  it('go behind the end of each stream, in the round trip of the commit: several, in order', async () => {
    const [ann, bob] = (await absentees(2)).map(Number);
    await commit([ann]);
    const { pushed, trips } = await commit([ann, bob], [ann, bob], [ann, bob]);
    assert.equal(trips, 2, 'the time, and all else');
    assert.deepEqual(await ends([ann, bob]), [4, 3]);
    assert.deepEqual(
      pushed.map(each => each.to),
      [1, 2, 3].map(place => [ann, place + 1, bob, place]),
    );
    for (const [id, after] of [
      [ann, 1],
      [bob, 0],
    ]) {
      const rows = await streamAfter(id, after);
      assert.deepEqual(namesIn(rows), ['0', '1', '2']);
      assert.deepEqual(
        rows.map(row => [row.syncSeq, row.type, row.fromSeq, row.toSeq]),
        [1, 2, 3].map(place => [after + place, 'block.updated', null, null]),
      );
    }
  });

  it('reach more users than one statement names', async () => {
    const ids = (await absentees(501)).map(Number).sort((a, b) => a - b);
    const { pushed } = await commit(ids, ids);
    assert.deepEqual(
      pushed.map(each => each.to),
      [1, 2].map(place => ids.flatMap(id => [id, place])),
    );
    assert.deepEqual(new Set(await ends(ids)), new Set([2]));
  });

  it('give messages, and what is no message, the places that they have in the stream of each sender', async () => {
    const [ann, bob] = await people(2);
    const id = Number((await groupOf([ann, bob])).id);
    const head = await headOf(Number(bob.id));
    const run = unitsOver<Session>(app.engine.database.begin, new MemberCache(), () => undefined);
    const [first, second] = await run(async unit => {
      const conversation = (await unit.find(id))!;
      const { ids } = conversation.members;
      const placed = [1, 2].map(() => conversation.place(textDraft(Number(bob.id))));
      unit.append(conversation, [placed[0]]);
      unit.record(blocked('1', ids));
      unit.append(conversation, [placed[1]]);
      return placed;
    });
    const stored = await streamAfter(Number(bob.id), head);
    assert.deepEqual(
      stored.map(row => row.type),
      ['message.new', 'block.updated', 'message.new'],
    );
    assert.deepEqual([first.syncSeq, second.syncSeq], [head + 1, head + 3]);
    const places = await select('SELECT sync_seq FROM message WHERE conversation_id = :id AND sender_id = :bob', {
      id,
      bob: bob.id,
    });
    assert.deepEqual(
      places.map(row => row.sync_seq),
      [head + 1, head + 3],
    );
  });

  it('come to nobody when the transaction fails', async () => {
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
