import assert from 'node:assert/strict';
import { COUNT, uncount } from '../../../app/lib/message/uncount';
import { groupOf } from '../../support/group';
import { people, type Person } from '../../support/person';
import { count, select } from '../../support/service';
import { locked, store } from '../../support/stored';

/** A group with so many messages, of which its three members have read up to these places. */
async function sceneOf(messages: number, ...read: readonly [number, number, number]) {
  const members = await people(3);
  const { id } = await groupOf(members);
  await store(id, ...Array.from({ length: messages }, () => ({})));
  for (const [index, seq] of read.entries()) {
    if (seq > 0) await members[index].call('conversation.read', { conversationId: id, seq });
  }
  return { id, members };
}

const uncounted = (id: string, ...seqs: readonly number[]) =>
  locked(id, (unit, conversation) => uncount(unit.session.query, conversation, seqs));

/** How many messages count up to each, and in all. */
async function countsIn(id: string): Promise<number[]> {
  const rows = await select(`SELECT ${COUNT} AS count FROM message WHERE conversation_id = :id ORDER BY seq`, { id });
  const [end] = await select('SELECT count FROM conversation WHERE id = :id', { id });
  return [...rows, end].map(row => row.count as number);
}

/** How many messages each of these has not read. */
function unreadOf(id: string, members: readonly Person[]): Promise<number[]> {
  return Promise.all(
    members.map(each => each.call('conversation.show', { conversationId: id }).then(shown => shown.unread)),
  );
}

describe('messages that are taken out of the counts', () => {
  it('are not unread any more of those who have not read them, and change nothing for others', async () => {
    const { id, members } = await sceneOf(5, 5, 3, 1);
    assert.deepEqual(await unreadOf(id, members), [0, 2, 4]);
    await uncounted(id, 3);
    assert.deepEqual(await unreadOf(id, members), [0, 2, 3]);
    await uncounted(id, 5);
    assert.deepEqual(await unreadOf(id, members), [0, 1, 2]);
  });

  it('leave the counts before them as they were', async () => {
    const { id } = await sceneOf(5, 5, 3, 1);
    assert.deepEqual(await countsIn(id), [1, 2, 3, 4, 5, 5]);
    await uncounted(id, 3);
    assert.deepEqual(await countsIn(id), [1, 2, 2, 3, 4, 4]);
  });

  it('may be several at once, in any order', async () => {
    const { id, members } = await sceneOf(6, 6, 4, 0);
    await uncounted(id, 5, 2, 4);
    assert.deepEqual(await countsIn(id), [1, 1, 2, 2, 2, 3, 3]);
    assert.deepEqual(await unreadOf(id, members), [0, 1, 3]);
  });

  it('stay in the counts when all have read them', async () => {
    const { id, members } = await sceneOf(4, 4, 4, 2);
    await uncounted(id, 1, 2);
    assert.deepEqual(await countsIn(id), [1, 2, 3, 4, 4]);
    assert.deepEqual(await unreadOf(id, members), [0, 0, 2]);
  });

  it('are taken out alone when others among them are read by all', async () => {
    const { id, members } = await sceneOf(4, 4, 4, 2);
    await uncounted(id, 2, 3);
    assert.deepEqual(await countsIn(id), [1, 2, 2, 3, 3]);
    assert.deepEqual(await unreadOf(id, members), [0, 0, 1]);
  });

  it('are not counted either for those who read on from there', async () => {
    const { id, members } = await sceneOf(4, 4, 1, 0);
    await uncounted(id, 2, 3);
    await members[2].call('conversation.read', { conversationId: id, seq: 3 });
    assert.deepEqual(await unreadOf(id, members), [0, 1, 1]);
    await store(id, {});
    assert.deepEqual(await unreadOf(id, members), [1, 2, 2]);
  });

  it('are not counted either for those who read to a place among them, after several were taken out', async () => {
    const { id, members } = await sceneOf(6, 6, 0, 0);
    await uncounted(id, 2);
    await store(id, {}, {});
    await uncounted(id, 4, 8);
    for (const [seq, left] of [
      [1, 4],
      [3, 3],
      [5, 2],
      [7, 0],
      [8, 0],
    ]) {
      const { unread } = await members[1].call('conversation.read', { conversationId: id, seq });
      assert.equal(unread, left, `read up to ${seq}`);
    }
    assert.deepEqual(await unreadOf(id, members), [1, 0, 5]);
  });

  it('cost the same however many messages are unread behind them', async () => {
    const { id } = await sceneOf(40, 0, 0, 40);
    const counts = () => select('SELECT seq, count FROM message WHERE conversation_id = :id ORDER BY seq', { id });
    const before = await counts();
    await uncounted(id, 1, 2);
    assert.deepEqual(await counts(), before, 'no message is written');
    assert.equal(await count('message_uncounted WHERE conversation_id = :id', { id }), 2);
  });

  it('are forgotten once everybody has read past them', async () => {
    const { id, members } = await sceneOf(4, 4, 0, 4);
    await uncounted(id, 2);
    await members[1].call('conversation.read', { conversationId: id, seq: 4 });
    await store(id, {});
    await uncounted(id, 5);
    const rows = await select('SELECT until_seq AS until, seq FROM message_uncounted WHERE conversation_id = :id', {
      id,
    });
    assert.deepEqual(rows, [{ until: 5, seq: 5 }]);
  });
});
