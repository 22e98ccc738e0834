import assert from 'node:assert/strict';
import { settleMentions } from '../../../app/lib/message/mentions';
import { groupOf } from '../../support/group';
import { people, text, type Person } from '../../support/person';
import { app } from '../../support/service';
import { locked } from '../../support/stored';
import { transactionsOf } from '../../support/traffic';

/** A group of three whose owner mentions the others. */
async function sceneOf() {
  const [ann, bob, cat] = await people(3);
  const { id } = await groupOf([ann, bob, cat]);
  const mention = async (...whom: readonly Person[]) => {
    const body = { conversationId: id, ...text('you'), mentions: whom.map(each => each.id) };
    return (await ann.ask('message.send', { body })).seq;
  };
  const mentionAll = async () => {
    const body = { conversationId: id, ...text('all'), mentionAll: true };
    return (await ann.ask('message.send', { body })).seq;
  };
  return { id, ann, bob, cat, mention, mentionAll };
}

/** Has these messages mention nobody any more, as a recall does, and settles the marks. */
async function silence(id: string, ...seqs: readonly number[]): Promise<void> {
  const where = { conversationId: id, seq: [...seqs] };
  await app.model.Message.update({ mentions: null, mentionAll: false }, { where });
  await locked(id, (unit, conversation) => unit.defer(...settleMentions(conversation, seqs)));
}

/** The message that a member is marked to be mentioned by. */
async function markOf(conversationId: string, { id: userId }: Person): Promise<number> {
  const where = { conversationId, userId };
  return (await app.model.ConversationMember.findOne({ where, rejectOnEmpty: true })).mentionedSeq;
}

const markOfAll = async (id: string) =>
  (await app.model.Conversation.findByPk(id, { rejectOnEmpty: true })).mentionAllSeq;

describe('the mark of a member who is not mentioned any more', () => {
  it('moves to the latest unread message that still mentions them', async () => {
    const { id, bob, mention } = await sceneOf();
    for (let sent = 0; sent < 3; sent++) await mention(bob);
    assert.equal(await markOf(id, bob), 3);
    await silence(id, 3);
    assert.equal(await markOf(id, bob), 2);
    await silence(id, 2);
    assert.equal(await markOf(id, bob), 1);
  });

  it('is taken away when no other message mentions them', async () => {
    const { id, bob, cat, mention } = await sceneOf();
    await mention(cat);
    await silence(id, await mention(bob));
    assert.equal(await markOf(id, bob), 0);
  });

  it('is taken away when they have read the earlier mentions', async () => {
    const { id, bob, mention } = await sceneOf();
    await mention(bob);
    await bob.call('conversation.read', { conversationId: id, seq: 1 });
    await silence(id, await mention(bob));
    assert.equal(await markOf(id, bob), 0);
  });

  it('stays when a later message mentions them', async () => {
    const { id, bob, mention } = await sceneOf();
    const first = await mention(bob);
    const second = await mention(bob);
    await silence(id, first);
    assert.equal(await markOf(id, bob), second);
  });

  it('moves past all of the messages that are gone at once', async () => {
    const { id, bob, mention } = await sceneOf();
    for (let sent = 0; sent < 4; sent++) await mention(bob);
    await silence(id, 2, 3, 4);
    assert.equal(await markOf(id, bob), 1);
  });

  it('moves for each member by what that member has read', async () => {
    const { id, bob, cat, mention } = await sceneOf();
    await mention(bob, cat);
    await cat.call('conversation.read', { conversationId: id, seq: 1 });
    await silence(id, await mention(bob, cat));
    assert.deepEqual([await markOf(id, bob), await markOf(id, cat)], [1, 0]);
  });

  it('does not move to a message that mentions a user whose id begins, or ends, with theirs', async () => {
    const { id, bob, mention } = await sceneOf();
    await mention(bob);
    const mentions = JSON.stringify([`${bob.id}0`, `1${bob.id}`]);
    await app.model.Message.update({ mentions }, { where: { conversationId: id, seq: 1 } });
    await silence(id, await mention(bob));
    assert.equal(await markOf(id, bob), 0);
  });
});

describe('the mark of a mention of all', () => {
  it('moves to the latest message that still mentions all, then is taken away', async () => {
    const { id, bob, mention, mentionAll } = await sceneOf();
    await mentionAll();
    await mention(bob);
    await mentionAll();
    assert.equal(await markOfAll(id), 3);
    await silence(id, 3);
    assert.equal(await markOfAll(id), 1);
    await silence(id, 1);
    assert.equal(await markOfAll(id), 0);
  });

  it('moves past two messages that are taken back in one transaction', async () => {
    const { id, ann, mentionAll } = await sceneOf();
    for (let sent = 0; sent < 3; sent++) await mentionAll();
    const { change } = app.mockContext().service.message;
    const actor = { app: 'default', userId: Number(ann.id), deviceId: ann.deviceId, sessionId: '' };
    const begun = await transactionsOf(() => Promise.all([3, 2].map(seq => change.recall(actor, Number(id), seq))));
    assert.deepEqual([begun, await markOfAll(id)], [1, 1]);
  });

  it('stays when it is an earlier message that is gone', async () => {
    const { id, mentionAll } = await sceneOf();
    const first = await mentionAll();
    const second = await mentionAll();
    await silence(id, first);
    assert.equal(await markOfAll(id), second);
  });

  it('leaves the marks of single members alone, and they leave it alone', async () => {
    const { id, bob, mention, mentionAll } = await sceneOf();
    await mention(bob);
    await mentionAll();
    await silence(id, 2);
    assert.deepEqual([await markOf(id, bob), await markOfAll(id)], [1, 0]);
    await mentionAll();
    await silence(id, 1);
    assert.deepEqual([await markOf(id, bob), await markOfAll(id)], [0, 3]);
  });
});
