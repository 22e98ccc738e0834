import assert from 'node:assert/strict';
import { entryOf } from '../../support/changes';
import { groupOf, makeAdmin } from '../../support/group';
import { pair } from '../../support/packets';
import { people, text, type Person } from '../../support/person';
import { refused } from '../../support/refusal';
import { storesNothing } from '../../support/service';

/** A group of four, and what is asked of it again and again. */
async function story() {
  const members = await people(4);
  const [ann, bob, cat, dan] = members;
  const { id: conversationId } = await groupOf(members);
  await makeAdmin(conversationId, bob);
  const say = (who: Person, given: object = {}) =>
    who.call('message.send', { conversationId, ...text('hello'), ...given });
  const marked = async (who: Person) => (await who.call('conversation.show', { conversationId })).mentioned;
  return { conversationId, ann, bob, cat, dan, say, marked };
}

describe('the mark of an unread mention', () => {
  it('is there for those who are mentioned, until they have read it', async () => {
    const { conversationId, ann, bob, cat, say, marked } = await story();
    await say(ann, { mentions: [bob.id, ann.id] });
    await say(ann);
    assert.deepEqual([await marked(bob), await marked(cat), await marked(ann)], [true, false, false]);
    await bob.call('conversation.read', { conversationId, seq: 1 });
    assert.equal(await marked(bob), false);
    await say(cat, { mentions: [bob.id] });
    await say(bob);
    assert.equal(await marked(bob), false, 'who writes has read');
  });

  it('is there for all when all are mentioned, but not for the sender or who comes later', async () => {
    const { conversationId, ann, bob, cat, dan, say, marked } = await story();
    const c = await cat.connect();
    const sent = await say(ann, { mentionAll: true });
    assert.equal(sent.mentionAll, true);
    assert.equal((await entryOf(c, 'message.new')).data.messages[0].mentionAll, true);
    const [eve] = await people(1);
    await ann.call('member.add', { groupId: conversationId, userIds: [eve.id] });
    const marks = await Promise.all([ann, bob, cat, dan, eve].map(marked));
    assert.deepEqual(marks, [false, true, true, true, false]);
    await dan.call('conversation.read', { conversationId, seq: 1 });
    assert.deepEqual([await marked(dan), await marked(cat)], [false, true]);
  });

  it('of all is set by owner and admins alone, and never in a single conversation', async () => {
    const { ann, bob, cat, say } = await story();
    await say(ann, { mentionAll: true });
    await say(bob, { mentionAll: true });
    const { client, conversationId } = await pair();
    await storesNothing(async () => {
      await refused(say(cat, { mentionAll: true }), 'FORBIDDEN');
      await refused(client.send({ conversationId, ...text('all two of us'), mentionAll: true }), 'FORBIDDEN');
      await refused(say(ann, { mentionAll: false }), 'INVALID_INPUT');
    });
  });
});

describe('a mention that is taken back', () => {
  it('takes its mark along, down to the latest before it that is still unread', async () => {
    const { conversationId, ann, bob, cat, say, marked } = await story();
    const recall = (seq: number) => ann.call('message.recall', { conversationId, seq });
    await say(ann, { mentions: [bob.id] });
    await say(ann, { mentions: [bob.id, cat.id] });
    await say(ann, { mentions: [bob.id] });
    await recall(3);
    assert.equal(await marked(bob), true, 'for the second');
    await bob.call('conversation.read', { conversationId, seq: 1 });
    assert.equal(await marked(bob), true);
    await recall(2);
    assert.deepEqual([await marked(bob), await marked(cat)], [false, false]);
  });

  it('leaves alone whom a later one mentions', async () => {
    const { conversationId, ann, bob, say, marked } = await story();
    await say(ann, { mentions: [bob.id] });
    await say(ann, { mentions: [bob.id] });
    await ann.call('message.recall', { conversationId, seq: 1 });
    await bob.call('conversation.read', { conversationId, seq: 1 });
    assert.equal(await marked(bob), true);
  });

  it('of all takes the mark of all along', async () => {
    const { conversationId, ann, bob, cat, dan, say, marked } = await story();
    await say(ann, { mentionAll: true });
    await say(ann);
    await say(bob, { mentionAll: true });
    await dan.call('conversation.read', { conversationId, seq: 2 });
    await ann.call('message.recall', { conversationId, seq: 3 });
    assert.deepEqual([await marked(cat), await marked(dan)], [true, false], 'the first one is still unread by Cat');
    await ann.call('message.recall', { conversationId, seq: 1 });
    assert.equal(await marked(cat), false);
  });

  it('is gone as well when the message is deleted for both', async () => {
    const { ann, bob, client, conversationId } = await pair();
    await client.send({ conversationId, ...text('you'), mentions: [bob.id] });
    const marked = async () => (await bob.call('conversation.show', { conversationId })).mentioned;
    assert.equal(await marked(), true);
    await ann.call('message.remove', { conversationId, seqs: [2], for: 'both' });
    assert.equal(await marked(), false);
  });
});

describe('editing the mentions of a text', () => {
  it('marks those who are named now, and takes the mark from those who are not any more', async () => {
    const { conversationId, ann, bob, cat, dan, say, marked } = await story();
    const edit = (mentions: Person[]) => {
      const ids = mentions.map(each => each.id);
      return ann.call('message.edit', { conversationId, seq: 2, content: { text: 'hm' }, mentions: ids });
    };
    await say(ann, { mentions: [dan.id] });
    await say(ann, { mentions: [bob.id, dan.id] });
    assert.deepEqual((await edit([bob, cat])).mentions, [bob.id, cat.id]);
    assert.deepEqual(await Promise.all([bob, cat, dan].map(marked)), [true, true, true], 'Dan for the first');
    await dan.call('conversation.read', { conversationId, seq: 1 });
    assert.equal((await edit([])).mentions, undefined);
    assert.deepEqual(await Promise.all([bob, cat, dan].map(marked)), [false, false, false]);
    await edit([dan]);
    assert.deepEqual(await Promise.all([bob, cat, dan].map(marked)), [false, false, true]);
  });

  it('does not mark those who have read it already', async () => {
    const { conversationId, ann, bob, say, marked } = await story();
    await say(ann);
    await bob.call('conversation.read', { conversationId, seq: 1 });
    await ann.call('message.edit', { conversationId, seq: 1, content: { text: 'hey' }, mentions: [bob.id] });
    assert.equal(await marked(bob), false);
  });
});
