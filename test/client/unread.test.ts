import assert from 'node:assert/strict';
import { until, type Client, type ConversationView } from 'egg-im-client';
import { groupOf } from '../support/group';
import { people, text, type Person } from '../support/person';
import { clientOf } from '../support/sdk';

/** Ann has a client; Ben writes to her, and to the group of both. */
async function scene() {
  const [ann, ben, cid] = await people(3);
  const client = await clientOf(ann);
  const write = (words: string, more: object = {}) =>
    ben.call('message.send', { to: { userId: ann.id }, ...text(words), ...more });
  const { conversationId: id } = await write('one');
  return { ann, ben, cid, client, write, id };
}

/** Waits until the client shows the conversation as the server does. */
async function agrees(client: Client, person: Person, id: string): Promise<ConversationView> {
  const shown = await person.call('conversation.show', { conversationId: id });
  const facts = (each?: Omit<ConversationView, 'hasFailed'>) =>
    JSON.stringify([each?.lastSeq, each?.readSeq, each?.unread, each?.mentioned, each?.lastMessage?.seq]);
  return (await until(client.conversation(id), each => facts(each) === facts(shown as ConversationView)))!;
}

describe('what is unread in the client', () => {
  it('stays so when a message is deleted for the user alone, and goes when it is deleted for both', async () => {
    const { ann, ben, client, write, id } = await scene();
    const { seq } = await write('two');
    await ann.call('message.remove', { conversationId: id, seqs: [seq], for: 'me' });
    const hidden = await agrees(client, ann, id);
    assert.deepEqual([hidden.unread, hidden.lastMessage?.seq], [2, 1]);
    await ben.call('message.remove', { conversationId: id, seqs: [1, seq], for: 'both' });
    assert.equal((await agrees(client, ann, id)).unread, 0);
  });

  it('follows a part that is read, what is cleared, and what the user writes elsewhere', async () => {
    const { ann, client, write, id } = await scene();
    await write('two');
    await write('three');
    await client.read(id, 2);
    await until(client.conversation(id), each => each?.unread === 1);
    assert.equal((await agrees(client, ann, id)).unread, 1);
    await ann.call('conversation.clear', { conversationId: id });
    const cleared = await agrees(client, ann, id);
    assert.deepEqual([cleared.unread, cleared.lastMessage], [0, undefined]);
    await write('four');
    await ann.call('message.send', { conversationId: id, ...text('five') });
    assert.equal((await agrees(client, ann, id)).unread, 0);
  });

  it('knows a mention that an edit adds, and one that goes', async () => {
    const { ann, ben, cid } = await scene();
    const { id } = await groupOf([ben, ann, cid]);
    const client = await clientOf(ann);
    const { seq } = await ben.call('message.send', { conversationId: id, ...text('who?') });
    const edit = (mentions: string[]) =>
      ben.call('message.edit', { conversationId: id, seq, content: { text: 'you' }, mentions });
    await edit([ann.id]);
    assert.equal((await agrees(client, ann, id)).mentioned, true);
    await edit([]);
    assert.equal((await agrees(client, ann, id)).mentioned, false);
    await edit([ann.id]);
    await ben.call('message.recall', { conversationId: id, seq });
    assert.equal((await agrees(client, ann, id)).mentioned, false);
  });

  it('begins anew where the user was removed and is added again', async () => {
    const { ann, ben, cid } = await scene();
    const { id } = await groupOf([ben, ann, cid]);
    const client = await clientOf(ann);
    const group = client.group(id);
    await until(group, each => each.members.length === 3);
    await ben.call('member.remove', { groupId: id, userIds: [ann.id] });
    await until(client.conversation(id), each => each === undefined);
    await ben.call('member.remove', { groupId: id, userIds: [cid.id] });
    await ben.call('member.add', { groupId: id, userIds: [ann.id] });
    await ben.call('message.send', { conversationId: id, ...text('welcome back') });
    await agrees(client, ann, id);
    const { members } = await until(group, each => each.members.length === 2);
    assert.deepEqual(members.map(each => each.name).sort(), ['Pat 0', 'Pat 1']);
    group.close();
  });

  it('hides a conversation until the next message', async () => {
    const { ann, client, write, id } = await scene();
    await ann.call('conversation.remove', { conversationId: id });
    await until(client.conversations, list => list.length === 0);
    await write('again');
    await until(client.conversations, list => list.length === 1);
    assert.equal((await agrees(client, ann, id)).unread, 1);
  });
});

describe('an invitation in the client', () => {
  it('goes with the group', async () => {
    const [ann, ben, cid] = await people(3);
    const client = await clientOf(ann);
    const { id: groupId } = await groupOf([ben, cid], { joinPolicy: 'approval' });
    await ben.call('member.invite', { groupId, userIds: [ann.id] });
    await until(client.people.groupRequests, each => each.length === 1);
    await ben.call('group.dissolve', { groupId });
    await until(client.people.groupRequests, each => each.length === 0);
  });

  it('is kept as long as it waits for an answer', async () => {
    const [ann, ben, cid] = await people(3);
    const { id: groupId } = await groupOf([ben, cid], { joinPolicy: 'approval' });
    await ann.call('group.join', { groupId, words: 'Ann here' });
    const client = await clientOf(ann);
    assert.equal(client.people.groupRequests.value.length, 1);
    await ben.call('member.answer', { groupId, userId: ann.id, answer: 'reject' });
    await until(client.people.groupRequests, each => each.length === 0);
    // Of its end she is not told any more.
    await ben.call('group.dissolve', { groupId });
    assert.deepEqual((await clientOf(ann)).people.groupRequests.value, []);
  });
  it('is there with the first login of who may answer it, and goes with that right', async () => {
    const [ann, ben, cid, dan] = await people(4);
    const { id: groupId } = await groupOf([ann, ben, cid], { joinPolicy: 'approval' });
    await dan.call('group.join', { groupId, words: 'Dan here' });
    const [anns, bens] = [await clientOf(ann), await clientOf(ben)];
    const asked = async ({ people: { groupRequests } }: Client, count: number) =>
      until(groupRequests, each => each.length === count);
    await asked(anns, 1);
    assert.equal(bens.people.groupRequests.value.length, 0);
    await ann.call('member.update', { groupId, userId: ben.id, role: 'admin' });
    await asked(bens, 1);
    await ann.call('member.update', { groupId, userId: ben.id, role: 'member' });
    await asked(bens, 0);
    await ann.call('member.answer', { groupId, userId: dan.id, answer: 'accept' });
    await asked(anns, 0);
  });
});
