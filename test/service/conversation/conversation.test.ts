import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { newId } from '../../../app/lib/database/ids';
import { groupOf } from '../../support/group';
import { messageOf, people, person, text, type Person } from '../../support/person';
import { refused } from '../../support/refusal';
import { app, mm, select } from '../../support/service';

/** What a user has who has set nothing. */
const settings = { pinned: false, notify: 'normal', markedUnread: false, hidden: false, clearedSeq: 0 };

async function paged(someone: Person, limit: number): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await someone.page('conversation.index', { query: { limit, ...(cursor && { cursor }) } });
    ids.push(...page.data.map(each => each.id));
    cursor = page.nextCursor;
  } while (cursor && ids.length < 20);
  return ids;
}

const body = (userId: string, words: string) => ({ body: { to: { userId }, ...text(words) } });

describe('the list of conversations', () => {
  it('shows each with its name, its last message and what is unread', async () => {
    const ann = await person({ name: 'Ann' });
    const bob = await person({ name: 'Bob' });
    await bob.ask('user.update', { body: { avatar: '/files/bob.png' } });
    const sent = await bob.ask('message.send', body(ann.id, 'hello Ann'));
    const group = await ann.ask('group.create', { body: { name: 'Tea', memberIds: [bob.id] } });
    const { conversationId: id, sentAt: lastAt } = sent;
    const rest = { type: 'single', lastMessage: messageOf(sent), lastSeq: 1, lastAt, mentioned: false, settings };
    const [{ lastAt: madeAt }] = await ann.ask('conversation.index');
    const empty = { lastSeq: 0, lastAt: madeAt, readSeq: 0, unread: 0, mentioned: false, settings };
    // Who has sent a message has it, and has read it.
    const receipt = { deliveredSeq: 1, readSeq: 1 };
    assert.deepEqual(await ann.ask('conversation.index'), [
      { id: group.id, type: 'group', name: 'Tea', role: 'owner', muteAll: false, ...empty },
      {
        id,
        peerId: bob.id,
        name: 'Bob',
        avatar: '/files/bob.png',
        peerVersion: 1,
        ...rest,
        readSeq: 0,
        unread: 1,
        receipt,
      },
    ]);
    const [, single] = await (await bob.connect()).call('conversation.index', { limit: 50 });
    const none = { deliveredSeq: 0, readSeq: 0 };
    assert.deepEqual(single, { id, peerId: ann.id, name: 'Ann', ...rest, readSeq: 1, unread: 0, receipt: none });
    assert.deepEqual(await bob.ask('conversation.show', { id }), single);
  });

  it('shows in a group what the user is there, and may do', async () => {
    const [ann, bob] = await people(2);
    const { id } = await groupOf([ann, bob]);
    const mutedUntil = '2099-01-01T00:00:00.000Z';
    await ann.call('member.update', { groupId: id, userId: bob.id, mutedUntil });
    await ann.call('group.update', { groupId: id, muteAll: true });
    const [listed] = await bob.ask('conversation.index');
    for (const { role, muteAll, mutedUntil: until } of [listed, await bob.ask('conversation.show', { id })]) {
      assert.deepEqual({ role, muteAll, until }, { role: 'member', muteAll: true, until: mutedUntil });
    }
  });

  it('has one of who joins while it is asked for', async () => {
    const [ann, bob] = await people(2);
    const { id } = await groupOf([ann], { joinPolicy: 'open', memberIds: [ann.id] });
    const { ConversationMember } = app.model;
    // The conversation has been looked for in vain by then.
    ConversationMember.addHook('beforeFind', 'join', async () => {
      ConversationMember.removeHook('beforeFind', 'join');
      await bob.ask('group.join', { id });
    });
    assert.equal((await bob.ask('conversation.show', { id })).id, id);
  });

  it('has none of others, and a single one from its first message on', async () => {
    const [ann, bob, cat] = await people(3);
    const actor = { app: 'default', userId: Number(ann.id), deviceId: ann.deviceId, sessionId: '' };
    const id = await app.createAnonymousContext().service.conversation.single.findOrCreate(actor, Number(bob.id));
    assert.deepEqual([await ann.ask('conversation.index'), await bob.ask('conversation.index')], [[], []]);
    assert.equal((await bob.ask('conversation.show', { id: String(id) })).lastSeq, 0);
    await ann.ask('message.send', body(bob.id, 'hello'));
    assert.equal((await bob.ask('conversation.index')).length, 1);
    assert.deepEqual(await cat.ask('conversation.index'), []);
  });

  it('names the user as the peer of the notes to oneself, without a receipt', async () => {
    const ann = await person({ name: 'Ann' });
    await ann.ask('message.send', body(ann.id, 'milk'));
    const [{ peerId, name, unread, receipt }] = await ann.ask('conversation.index');
    assert.deepEqual([peerId, name, unread, receipt], [ann.id, 'Ann', 0, undefined]);
  });

  it('says where the caller, or all, are mentioned and have not read it', async () => {
    const [ann, bob, cat] = await people(3);
    const { id } = await groupOf([ann, bob, cat]);
    const say = (more: object) => ann.ask('message.create', { id, body: { ...text('you there'), ...more } });
    const mentioned = () =>
      Promise.all([ann, bob, cat].map(async each => (await each.ask('conversation.show', { id })).mentioned));
    await say({ mentions: [bob.id] });
    assert.deepEqual(await mentioned(), [false, true, false]);
    await bob.ask('conversation.read', { id, body: { seq: 1 } });
    assert.deepEqual(await mentioned(), [false, false, false]);
    await say({ mentionAll: true });
    await say({});
    assert.deepEqual(await mentioned(), [false, true, true]);
    await cat.ask('conversation.clear', { id });
    assert.deepEqual(await mentioned(), [false, true, false]);
  });

  it('has what moved last first', async () => {
    const [ann, bob, cat, dan] = await people(4);
    const ids: string[] = [];
    for (const other of [bob, cat, dan]) {
      const { conversationId } = await other.ask('message.send', body(ann.id, 'hello'));
      ids.unshift(conversationId);
    }
    const listed = async () => (await ann.ask('conversation.index')).map(each => each.id);
    assert.deepEqual(await listed(), ids);
    await ann.ask('message.send', body(bob.id, 'and again'));
    assert.deepEqual(await listed(), [ids[2], ids[0], ids[1]]);
  });

  it('has the pinned ones above, among them too what moved last first', async () => {
    const [ann, bob, cat, dan, eve] = await people(5);
    const ids: string[] = [];
    for (const other of [bob, cat, dan, eve]) {
      ids.push((await other.ask('message.send', body(ann.id, 'hello'))).conversationId);
    }
    const [b, c, d, e] = ids;
    const listed = async () => (await ann.ask('conversation.index')).map(each => each.id);
    for (const id of [c, b]) await ann.ask('conversation.update', { id, body: { pinned: true } });
    assert.deepEqual(await listed(), [c, b, e, d]);
    await ann.ask('message.send', body(bob.id, 'and again'));
    await ann.ask('message.send', body(dan.id, 'and again'));
    assert.deepEqual(await listed(), [b, c, d, e]);
    assert.deepEqual(await paged(ann, 1), [b, c, d, e]);
    await ann.ask('conversation.update', { id: b, body: { pinned: false } });
    assert.deepEqual(await listed(), [c, d, b, e]);
  });

  it('comes in pages, without a gap or a double, also where times are equal', async () => {
    const [ann, ...others] = await people(8);
    // Together, so that some fall into the same millisecond.
    const sent = await Promise.all(others.map(other => other.ask('message.send', body(ann.id, 'hello'))));
    const where = { id: sent.slice(0, 4).map(each => Number(each.conversationId)) };
    await app.model.Conversation.update({ lastAt: new Date('2026-01-31T09:30:00.123Z') }, { where });
    const whole = (await ann.ask('conversation.index')).map(each => each.id);
    assert.equal(whole.length, 7);
    for (const limit of [1, 3, 7, 200]) assert.deepEqual(await paged(ann, limit), whole);
  });

  it('is paged without a double while messages arrive; what has not moved is all there', async () => {
    const [ann, ...others] = await people(7);
    for (const other of others) await other.ask('message.send', body(ann.id, 'hello'));
    const whole = (await ann.ask('conversation.index')).map(each => each.id);
    const seen: string[] = [];
    let cursor: string | undefined;
    // Whose conversation is on the first page, and whose on the last.
    for (const mover of [others[5], others[0], undefined]) {
      const page = await ann.page('conversation.index', { query: { limit: 2, ...(cursor && { cursor }) } });
      seen.push(...page.data.map(each => each.id));
      cursor = page.nextCursor;
      if (mover) await mover.ask('message.send', body(ann.id, 'once more'));
    }
    assert.deepEqual(seen, whole.slice(0, 5), 'the last one has moved up: the stream has told so');
    const { entries } = await ann.ask('sync.pull', { query: { after: 6 } });
    assert.deepEqual(
      entries.map(each => 'conversationId' in each && each.conversationId),
      [whole[0], whole[5]],
    );
  });

  it('costs nothing for long histories, big groups, and what the caller has deleted', async () => {
    const ann = await person();
    const userId = Number(ann.id);
    const { Conversation, ConversationMember, Message, MessageHidden } = app.model;
    const id = newId();
    const at = new Date();
    const numbers = Array.from({ length: 2000 }, (_, index) => index + 1);
    await Conversation.create({ id, app: 'default', type: 'group', lastSeq: 2000, count: 2000, lastAt: at });
    const members = [userId, ...numbers.slice(0, 500)];
    await ConversationMember.bulkCreate(members.map(each => ({ conversationId: id, userId: each, joinedAt: at })));
    const rest = { conversationId: id, senderId: id, syncSeq: 0, type: 'text', content: '{}', sentAt: at };
    const none = { replyTo: null, mentions: null, extra: null };
    await Message.bulkCreate(numbers.map(seq => ({ ...rest, ...none, seq, count: seq, clientMsgId: randomUUID() })));
    const hidden = numbers.filter(seq => seq < 1000 || seq === 2000);
    await MessageHidden.bulkCreate(hidden.map(seq => ({ userId, conversationId: id, seq })));
    const rowsRead = async () => {
      const rows = await select("SHOW GLOBAL STATUS LIKE 'Handler_read%'");
      return rows.reduce((sum, row) => sum + Number(row.Value), 0);
    };
    // MySQL reads some hundred rows for its own counters.
    const [first, second] = [await rowsRead(), await rowsRead()];
    // MySQL counts for all of its connections: the least of several leaves out what the service looked at by itself.
    const looked: number[] = [];
    for (let turn = 0; turn < 8; turn++) {
      const before = await rowsRead();
      const [{ lastMessage, unread }] = await ann.ask('conversation.index');
      looked.push((await rowsRead()) - before - (second - first));
      assert.deepEqual([lastMessage?.seq, unread], [1999, 2000]);
    }
    assert.ok(Math.min(...looked) < 400, `${looked} rows were looked at`);
  });

  it('is put in order by an index, without a look at what the caller has set in conversations of other pages', async () => {
    const [ann, bob] = await people(2);
    await bob.ask('message.send', body(ann.id, 'hello'));
    const { database } = app.engine;
    const read = database.select.bind(database);
    const sent: Parameters<typeof read>[0][] = [];
    mm(database, 'select', (statement: (typeof sent)[number]) => {
      sent.push(statement);
      return read(statement);
    });
    await ann.ask('conversation.index');
    const statement = sent.find(each => each.includes('page.pinned'))!;
    const plan = await select(`EXPLAIN FORMAT=TRADITIONAL ${statement}`);
    const found = plan.find(({ key }) => key === 'conversation_member_user');
    assert.match(String(found?.Extra), /Using index/);
  });

  it('refuses a cursor that it has not given, and pages of no size', async () => {
    const ann = await person();
    for (const query of [{ cursor: 'x' }, { cursor: '9999999999999999-1' }, { cursor: "1-1' OR 1" }, { cursor: '' }]) {
      await refused(ann.ask('conversation.index', { query }), 'INVALID_INPUT');
    }
    for (const limit of [0, 201, -1, 'x', 1.5]) {
      await refused(ann.ask('conversation.index', { query: { limit } }), 'INVALID_INPUT');
    }
  });
});

describe('roaming history', () => {
  it('is read by page in both directions, in ascending order', async () => {
    const [ann, bob] = await people(2);
    const { conversationId: id } = await ann.ask('message.send', body(bob.id, 'number 1'));
    for (let seq = 2; seq <= 7; seq++) await ann.ask('message.create', { id, body: text(`number ${seq}`) });
    const seqs = async (query: Record<string, number>) =>
      (await bob.ask('message.index', { id, query })).map(each => each.seq);
    assert.deepEqual(await seqs({}), [1, 2, 3, 4, 5, 6, 7]);
    assert.deepEqual(await seqs({ limit: 3 }), [5, 6, 7]);
    assert.deepEqual(await seqs({ limit: 3, before: 5 }), [2, 3, 4]);
    assert.deepEqual(await seqs({ limit: 3, before: 2 }), [1]);
    assert.deepEqual(await seqs({ limit: 3, after: 0 }), [1, 2, 3]);
    assert.deepEqual(await seqs({ limit: 3, after: 5 }), [6, 7]);
    assert.deepEqual(await seqs({ after: 7 }), []);
    assert.deepEqual(await seqs({ before: 1 }), []);
    assert.deepEqual(await seqs({ after: 2, before: 6 }), [3, 4, 5]);
    for (const bad of [{ limit: 201 }, { limit: 0 }, { before: 0 }, { after: -1 }] as Record<string, number>[]) {
      await refused(seqs(bad), 'INVALID_INPUT');
    }
  });

  it('is not for those who are not in the conversation', async () => {
    const [ann, bob, eve] = await people(3);
    const { conversationId: id } = await ann.ask('message.send', body(bob.id, 'between us'));
    await refused(eve.ask('message.index', { id }), 'NOT_A_MEMBER');
    await refused(eve.ask('conversation.show', { id }), 'NOT_A_MEMBER');
    await refused(eve.ask('message.index', { id: '99' }), 'CONVERSATION_NOT_FOUND');
    await refused(eve.ask('message.index', { id: 'x' }), 'INVALID_INPUT');
  });
});
