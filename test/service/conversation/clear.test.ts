import assert from 'node:assert/strict';
import { groupOf } from '../../support/group';
import { people, text, type Person } from '../../support/person';
import { refused } from '../../support/refusal';
import { storesNothing } from '../../support/service';

const say = (someone: Person, id: string, words: string) => someone.ask('message.create', { id, body: text(words) });
const seqsOf = async (someone: Person, id: string) =>
  (await someone.ask('message.index', { id })).map(each => each.seq);
const listed = async (someone: Person) => (await someone.ask('conversation.index')).map(each => each.id);
const entriesOf = async (someone: Person, after: number) =>
  (await someone.ask('sync.pull', { query: { after } })).entries.map(({ type, data }) => ({ type, data }));

/** Ann has sent three messages to Bob, who has read one. */
async function talk() {
  const [ann, bob] = await people(2);
  const { conversationId: id } = await ann.ask('message.send', { body: { to: { userId: bob.id }, ...text('one') } });
  await say(ann, id, 'two');
  await say(ann, id, 'three');
  await bob.ask('conversation.read', { id, body: { seq: 1 } });
  return { ann, bob, id };
}

describe('clearing a conversation', () => {
  it('takes away what there is so far, for the caller alone', async () => {
    const { ann, bob, id } = await talk();
    const cleared = await bob.call('conversation.clear', { conversationId: id });
    assert.deepEqual(cleared, await bob.ask('conversation.show', { id }));
    const { lastMessage, lastSeq, readSeq, unread, settings } = cleared;
    assert.deepEqual([lastMessage, lastSeq, readSeq, unread, settings.clearedSeq], [undefined, 3, 3, 0, 3]);
    assert.deepEqual(await listed(bob), [id], 'it stays in the list');
    assert.deepEqual([await seqsOf(ann, id), await seqsOf(bob, id)], [[1, 2, 3], []]);
    await say(ann, id, 'four');
    const { lastMessage: next, unread: one } = await bob.ask('conversation.show', { id });
    assert.deepEqual([next?.seq, one, await seqsOf(bob, id)], [4, 1, [4]]);
    assert.equal((await ann.ask('conversation.show', { id })).settings.clearedSeq, 0);
  });

  it('is told to the caller’s other devices, and as a receipt to the one who wrote', async () => {
    const { ann, bob, id } = await talk();
    const [a, b] = [await ann.connect(), await (await bob.login()).connect()];
    await (await bob.connect()).call('conversation.clear', { conversationId: id });
    const settings = { pinned: false, notify: 'normal', markedUnread: false, hidden: false, clearedSeq: 3 };
    await b.reaches(5);
    assert.deepEqual(await entriesOf(bob, 4), [
      { type: 'conversation.updated', data: { settings, readSeq: 3, unread: 0 } },
    ]);
    await a.reaches(5);
    assert.deepEqual(await entriesOf(ann, 3), [
      { type: 'conversation.receipt', data: { deliveredSeq: 1, readSeq: 1 } },
      { type: 'conversation.receipt', data: { deliveredSeq: 3, readSeq: 3 } },
    ]);
    assert.deepEqual(a.replica.entries.at(-1)?.data, { deliveredSeq: 3, readSeq: 3 });
  });

  it('twice changes nothing, and takes a mark away in any case', async () => {
    const { bob, id } = await talk();
    await bob.ask('conversation.clear', { id });
    await storesNothing(() => bob.ask('conversation.clear', { id }));
    await bob.ask('conversation.update', { id, body: { markedUnread: true, draft: 'hm', pinned: true } });
    const { settings } = await bob.ask('conversation.clear', { id });
    assert.deepEqual([settings.markedUnread, settings.draft, settings.pinned], [false, 'hm', true]);
  });

  it('up to the message that is meant leaves what came since, however often it is sent', async () => {
    const { ann, bob, id } = await talk();
    const { unread, lastMessage } = await bob.call('conversation.clear', { conversationId: id, seq: 2 });
    assert.deepEqual([unread, lastMessage?.seq, await seqsOf(bob, id)], [1, 3, [3]]);
    await say(ann, id, 'four');
    await bob.ask('conversation.update', { id, body: { markedUnread: true } });
    await storesNothing(async () => {
      const { settings, readSeq } = await bob.call('conversation.clear', { conversationId: id, seq: 2 });
      assert.deepEqual([settings.clearedSeq, settings.markedUnread, readSeq], [2, true, 2]);
    });
    assert.deepEqual(await seqsOf(bob, id), [3, 4]);
  });

  it('keeps what is read behind that message as it is', async () => {
    const { bob, id } = await talk();
    await bob.ask('conversation.read', { id, body: { seq: 3 } });
    const { readSeq, unread, settings } = await bob.call('conversation.clear', { conversationId: id, seq: 2 });
    assert.deepEqual([readSeq, unread, settings.clearedSeq], [3, 0, 2]);
  });

  it('up to a message counts what is unread behind it, whatever was deleted before', async () => {
    const { ann, bob, id } = await talk();
    await ann.call('message.remove', { conversationId: id, seqs: [2], for: 'both' });
    await say(ann, id, 'four');
    assert.equal((await bob.call('conversation.clear', { conversationId: id, seq: 3 })).unread, 1);
  });

  it('up to a message that is not there is refused', async () => {
    const { bob, id } = await talk();
    for (const name of ['conversation.clear', 'conversation.remove'] as const) {
      await refused(bob.call(name, { conversationId: id, seq: 4 }), 'INVALID_INPUT');
    }
    assert.deepEqual(await seqsOf(bob, id), [1, 2, 3]);
  });

  it('of what is read already tells nobody but oneself', async () => {
    const { ann, bob, id } = await talk();
    await bob.ask('conversation.read', { id, body: { seq: 3 } });
    const { head } = await ann.ask('sync.pull', { query: { after: 0 } });
    await bob.ask('conversation.clear', { id });
    assert.deepEqual(await entriesOf(ann, head), []);
    assert.equal((await entriesOf(bob, 0)).at(-1)?.type, 'conversation.updated');
  });

  it('of a group is nobody else’s affair', async () => {
    const [ann, bob, cat] = await people(3);
    const { id } = await groupOf([ann, bob, cat]);
    await say(ann, id, 'one');
    const [a, c] = [await entriesOf(ann, 0), await entriesOf(cat, 0)];
    await bob.ask('conversation.clear', { id });
    assert.deepEqual([await entriesOf(ann, 0), await entriesOf(cat, 0)], [a, c]);
    assert.deepEqual([(await seqsOf(bob, id)).length, (await seqsOf(cat, id)).length > 0], [0, true]);
  });
});

describe('removing a conversation', () => {
  it('takes it off the list until the next message, without the history before', async () => {
    const { ann, bob, id } = await talk();
    await bob.ask('conversation.update', { id, body: { pinned: true, draft: 'well', notify: 'silent' } });
    assert.deepEqual(await bob.call('conversation.remove', { conversationId: id }), {});
    assert.deepEqual([await listed(ann), await listed(bob)], [[id], []]);
    const { settings, unread, lastMessage } = await bob.ask('conversation.show', { id });
    const left = { pinned: false, notify: 'silent', markedUnread: false, hidden: true, clearedSeq: 3 };
    assert.deepEqual([settings, unread, lastMessage], [left, 0, undefined]);
    await say(ann, id, 'four');
    const [back] = await bob.ask('conversation.index');
    assert.deepEqual([back.id, back.unread, back.lastMessage?.seq], [id, 1, 4]);
    assert.deepEqual(back.settings, { ...left, hidden: false });
    assert.deepEqual(await seqsOf(bob, id), [4]);
  });

  it('is told to the caller’s other devices, and as a receipt to the one who wrote', async () => {
    const { ann, bob, id } = await talk();
    const laptop = await (await bob.login()).connect();
    await (await bob.connect()).call('conversation.remove', { conversationId: id });
    await laptop.reaches(5);
    const settings = { pinned: false, notify: 'normal', markedUnread: false, hidden: true, clearedSeq: 3 };
    assert.deepEqual(laptop.replica.entries[4].data, { settings, readSeq: 3, unread: 0 });
    assert.deepEqual(await entriesOf(ann, 4), [
      { type: 'conversation.receipt', data: { deliveredSeq: 3, readSeq: 3 } },
    ]);
    await storesNothing(() => bob.ask('conversation.remove', { id }));
  });

  it('is undone by writing to it', async () => {
    const { ann, bob, id } = await talk();
    await bob.ask('conversation.remove', { id });
    const sent = await bob.ask('message.send', { body: { to: { userId: ann.id }, ...text('four') } });
    assert.deepEqual([sent.conversationId, sent.seq], [id, 4]);
    const [{ settings, lastMessage }] = await bob.ask('conversation.index');
    assert.deepEqual([settings.hidden, lastMessage?.seq], [false, 4]);
  });

  it('up to the message that is meant leaves it in the list when more has come, however often it is sent', async () => {
    const { ann, bob, id } = await talk();
    const removal = { conversationId: id, seq: 3 };
    await bob.call('conversation.remove', removal);
    assert.deepEqual(await listed(bob), []);
    await say(ann, id, 'four');
    await bob.ask('conversation.update', { id, body: { pinned: true, draft: 'well' } });
    await storesNothing(() => bob.call('conversation.remove', removal));
    const [{ settings, unread }] = await bob.ask('conversation.index');
    assert.deepEqual([settings.pinned, settings.draft, unread, await seqsOf(bob, id)], [true, 'well', 1, [4]]);
    await (await bob.connect()).call('conversation.remove', { conversationId: id, seq: 4 });
    assert.deepEqual(await listed(bob), []);
  });

  it('works for a group without a message too', async () => {
    const [ann, bob] = await people(2);
    const { id } = await groupOf([ann, bob]);
    await bob.ask('conversation.remove', { id });
    assert.deepEqual([await listed(ann), await listed(bob)], [[id], []]);
    assert.equal((await bob.ask('conversation.show', { id })).settings.hidden, true);
    await say(ann, id, 'one');
    assert.deepEqual(await listed(bob), [id]);
    assert.equal((await bob.ask('conversation.show', { id })).settings.hidden, false);
  });

  it('while others write leaves it in the list, or hides what came before', async () => {
    const { ann, bob, id } = await talk();
    const client = await ann.connect();
    const sends = Array.from({ length: 20 }, (_, step) => client.send({ conversationId: id, ...text(`more ${step}`) }));
    await Promise.all([...sends, ...[1, 2, 3].map(() => bob.ask('conversation.remove', { id }))]);
    const { settings, lastSeq, readSeq, unread } = await bob.ask('conversation.show', { id });
    assert.deepEqual([readSeq, unread], [settings.clearedSeq, lastSeq - settings.clearedSeq]);
    assert.deepEqual(
      [settings.hidden, await listed(bob)],
      lastSeq === settings.clearedSeq ? [true, []] : [false, [id]],
    );
    assert.equal((await seqsOf(bob, id)).length, unread);
  });
});
