import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { newId } from '../../../app/lib/database/ids';
import type { UpdateConversation } from '../../../app/schema/conversation';
import { groupOf } from '../../support/group';
import { people, person, text, type Person } from '../../support/person';
import { app, count, storesNothing } from '../../support/service';
import { systemConversation } from '../../support/system';

const nothing = { total: 0, muted: 0, mentioned: false };
const say = (someone: Person, id: string, more: object = {}) =>
  someone.ask('message.create', { id, body: { ...text('hello'), ...more } });
const set = (someone: Person, conversationId: string, given: UpdateConversation) =>
  someone.call('conversation.update', { conversationId, ...given });

/** Somebody to whom each of the others has written that often. */
async function writtenTo(...times: readonly number[]) {
  const [ann, ...others] = await people(times.length + 1);
  const ids: string[] = [];
  for (const [index, other] of others.entries()) {
    const sent = await other.ask('message.send', { body: { to: { userId: ann.id }, ...text('hello') } });
    ids.push(sent.conversationId);
    for (let time = 1; time < times[index]; time++) await say(other, sent.conversationId);
  }
  return { ann, others, ids };
}

/** What the call says, which the list has to bear out. */
async function totalOf(someone: Person) {
  const unread = await someone.ask('conversation.unread');
  const listed = await someone.ask('conversation.index', { query: { limit: 200 } });
  const sum = (muted: boolean) =>
    listed
      .filter(({ settings }) => (settings.notify === 'none') === muted)
      .reduce((total, each) => total + Math.max(each.unread, Number(each.settings.markedUnread)), 0);
  assert.deepEqual(unread, { total: sum(false), muted: sum(true), mentioned: listed.some(each => each.mentioned) });
  return unread;
}

describe('the total of unread messages', () => {
  it('is that of all conversations', async () => {
    const { ann, others, ids } = await writtenTo(3, 1, 2);
    assert.deepEqual(await totalOf(ann), { ...nothing, total: 6 });
    assert.deepEqual(await (await ann.connect()).call('conversation.unread', {}), { ...nothing, total: 6 });
    await ann.ask('conversation.read', { id: ids[0], body: { seq: 2 } });
    assert.deepEqual(await totalOf(ann), { ...nothing, total: 4 });
    await say(ann, ids[2]);
    assert.deepEqual(await totalOf(ann), { ...nothing, total: 2 });
    assert.deepEqual(await totalOf(others[2]), { ...nothing, total: 1 });
    assert.deepEqual(await totalOf(await person()), nothing);
  });

  it('counts apart what is muted, and one at least where there is a mark', async () => {
    const { ann, ids } = await writtenTo(3, 1, 2);
    await set(ann, ids[0], { notify: 'none' });
    await set(ann, ids[1], { notify: 'silent' });
    assert.deepEqual(await totalOf(ann), { ...nothing, total: 3, muted: 3 });
    await set(ann, ids[2], { markedUnread: true });
    assert.deepEqual(await totalOf(ann), { ...nothing, total: 3, muted: 3 }, 'unread already');
    for (const [index, seq] of [3, 1, 2].entries())
      await ann.ask('conversation.read', { id: ids[index], body: { seq } });
    for (const id of ids) await set(ann, id, { markedUnread: true });
    assert.deepEqual(await totalOf(ann), { ...nothing, total: 2, muted: 1 });
  });

  it('says whether the caller is mentioned', async () => {
    const [ann, bob] = await people(2);
    const { id } = await groupOf([ann, bob]);
    await say(ann, id);
    assert.deepEqual(await totalOf(bob), { ...nothing, total: 1 });
    await say(ann, id, { mentions: [bob.id] });
    await set(bob, id, { notify: 'none' });
    assert.deepEqual(await totalOf(bob), { total: 0, muted: 2, mentioned: true });
  });

  it('leaves out what is not in the list', async () => {
    const { ann, others, ids } = await writtenTo(2, 1);
    await ann.ask('conversation.remove', { id: ids[0] });
    await set(ann, ids[0], { markedUnread: true });
    assert.deepEqual(await totalOf(ann), { ...nothing, total: 1 });
    await say(others[0], ids[0]);
    assert.deepEqual(await totalOf(ann), { ...nothing, total: 2 });
  });
});

describe('notices', () => {
  it('are counted while they are good, everywhere alike', async () => {
    const [ann, bob] = await people(2);
    const past = new Date(Date.now() - 1000);
    const future = new Date(Date.now() + 3_600_000);
    const notices = [
      { title: 'a' },
      { title: 'b', expiresAt: past },
      { title: 'c', expiresAt: future },
      { title: 'd' },
    ];
    const id = await systemConversation([ann, bob], notices);
    const unreadOf = async (someone: Person) => (await someone.ask('conversation.show', { id })).unread;
    assert.deepEqual([await unreadOf(ann), await totalOf(ann)], [3, { ...nothing, total: 3 }]);
    const read = (seq: number) => ann.ask('conversation.read', { id, body: { seq } });
    assert.deepEqual(await read(1), { conversationId: id, readSeq: 1, unread: 2 });
    assert.deepEqual(await read(2), { conversationId: id, readSeq: 2, unread: 2 });
    assert.deepEqual([await unreadOf(ann), await unreadOf(bob)], [2, 3]);
    const { entries } = await ann.ask('sync.pull', { query: { after: 0 } });
    assert.deepEqual(
      entries.map(each => each.data),
      [
        { readSeq: 1, unread: 2 },
        { readSeq: 2, unread: 2 },
      ],
    );
    await set(ann, id, { notify: 'none', markedUnread: true });
    assert.deepEqual(await totalOf(ann), { ...nothing, muted: 2 });
    assert.deepEqual(await read(4), { conversationId: id, readSeq: 4, unread: 0 });
    assert.deepEqual(await totalOf(ann), nothing);
    assert.equal((await bob.ask('conversation.clear', { id })).unread, 0);
    assert.deepEqual(await totalOf(bob), nothing);
  });

  it('to several users are read by each for themselves, also at once', async () => {
    const users = await people(4);
    const id = await systemConversation(users, [{ title: 'a' }, { title: 'b' }, { title: 'c' }]);
    const states = await Promise.all(
      users.map((user, index) => user.ask('conversation.read', { id, body: { seq: Math.max(1, index) } })),
    );
    assert.deepEqual(
      states.map(state => [state.readSeq, state.unread]),
      [
        [1, 2],
        [1, 2],
        [2, 1],
        [3, 0],
      ],
    );
  });
});

describe('reading everything', () => {
  it('reads each conversation in which something is unread, and tells of each', async () => {
    const { ann, others, ids } = await writtenTo(3, 1, 2);
    const laptop = await (await ann.login()).connect();
    await ann.ask('conversation.read', { id: ids[1], body: { seq: 1 } });
    assert.deepEqual(await ann.call('conversation.readAll', {}), {});
    assert.deepEqual(await totalOf(ann), nothing);
    await laptop.reaches(9);
    const told = laptop.replica.entries
      .slice(7)
      .map(each => [each.type, 'conversationId' in each && each.conversationId, each.data]);
    assert.deepEqual(
      new Set(told.map(each => JSON.stringify(each))),
      new Set([
        JSON.stringify(['conversation.read', ids[0], { readSeq: 3, unread: 0 }]),
        JSON.stringify(['conversation.read', ids[2], { readSeq: 2, unread: 0 }]),
      ]),
    );
    const { receipt } = await others[0].ask('conversation.show', { id: ids[0] });
    assert.deepEqual(receipt, { deliveredSeq: 3, readSeq: 3 });
    const { entries } = await others[2].ask('sync.pull', { query: { after: 2 } });
    assert.deepEqual(
      entries.map(({ type, data }) => [type, data]),
      [['conversation.receipt', { deliveredSeq: 2, readSeq: 2 }]],
    );
  });

  it('takes marks away, and is told of nowhere else', async () => {
    const { ann, others, ids } = await writtenTo(1, 1);
    const client = await ann.connect();
    await client.call('conversation.readAll', {});
    await set(ann, ids[0], { markedUnread: true });
    const id = await systemConversation([ann], [{ title: 'good', expiresAt: new Date(Date.now() + 3_600_000) }]);
    const { head } = await others[0].ask('sync.pull', { query: { after: 0 } });
    await client.call('conversation.readAll', {});
    const [{ settings }] = (await ann.ask('conversation.index')).filter(each => each.id === ids[0]);
    assert.equal(settings.markedUnread, false);
    await client.reaches(7);
    const told = client.replica.entries.slice(5).map(each => 'conversationId' in each && each.conversationId);
    assert.deepEqual(new Set(told), new Set([ids[0], id]));
    assert.equal((await others[0].ask('sync.pull', { query: { after: 0 } })).head, head);
    await storesNothing(() => client.call('conversation.readAll', {}));
  });

  it('tells nothing of notices that are all out of date, or lines of the server’s', async () => {
    const [ann, bob, cat] = await people(3);
    await systemConversation([bob], [{ title: 'gone', expiresAt: new Date(Date.now() - 1000) }]);
    const { id } = await groupOf([ann, bob]);
    await ann.ask('member.add', { id, body: { userIds: [cat.id] } });
    await storesNothing(() => bob.call('conversation.readAll', {}));
  });

  it('goes through hundreds of conversations', async () => {
    const ann = await person();
    const userId = Number(ann.id);
    const first = newId();
    const ids = Array.from({ length: 250 }, (_, index) => first + index);
    const at = new Date();
    const { Conversation, ConversationMember, Message } = app.model;
    const places = { lastSeq: 1, count: 1, lastAt: at };
    await Conversation.bulkCreate(ids.map(id => ({ id, app: 'default', type: 'group', ...places })));
    await ConversationMember.bulkCreate(ids.map(id => ({ conversationId: id, userId, joinedAt: at })));
    await Message.bulkCreate(
      ids.map(id => ({
        conversationId: id,
        seq: 1,
        count: 1,
        senderId: 1,
        syncSeq: 0,
        clientMsgId: randomUUID(),
        type: 'text',
        content: '{"text":"hello"}',
        replyTo: null,
        mentions: null,
        extra: null,
        sentAt: at,
      })),
    );
    assert.deepEqual(await ann.ask('conversation.unread'), { ...nothing, total: 250 });
    await ann.call('conversation.readAll', {});
    assert.deepEqual(await ann.ask('conversation.unread'), nothing);
    const told = await count("push_history WHERE receiver_id = :userId AND type = 'conversation.read'", { userId });
    assert.equal(told, 250);
  });

  it('while messages arrive leaves unread only what came after', async () => {
    const { ann, others, ids } = await writtenTo(1, 1, 1);
    const clients = await Promise.all(others.map(other => other.connect()));
    const work: Promise<unknown>[] = [];
    for (let step = 0; step < 20; step++) {
      for (const [index, client] of clients.entries())
        work.push(client.send({ conversationId: ids[index], ...text('more') }));
      if (step % 5 === 0) work.push(ann.call('conversation.readAll', {}));
    }
    await Promise.all(work);
    for (const { lastSeq, readSeq, unread } of await ann.ask('conversation.index'))
      assert.equal(unread, lastSeq - readSeq);
    await ann.call('conversation.readAll', {});
    assert.deepEqual(await totalOf(ann), nothing);
  });
});
