import assert from 'node:assert/strict';
import { groupOf } from '../support/group';
import { people, text, type Person } from '../support/person';
import { ageMessages, daysAgo, fillConversation, purge } from '../support/retention';
import { app, count, select } from '../support/service';

const seqsOf = async (someone: Person, conversationId: string) => {
  return (await someone.call('message.index', { conversationId, limit: 200 })).map(each => each.seq);
};

const conversationOf = async (id: string) => {
  const [row] = await select('SELECT last_seq, count, purged_seq, purged_count FROM conversation WHERE id = :id', {
    id,
  });
  return row;
};

/** Ann has written to Bob so many times. */
async function written(howMany: number) {
  const [ann, bob] = await people(2);
  let id = '';
  for (let sent = 0; sent < howMany; sent++) {
    const body = { to: { userId: bob.id }, ...text(`${sent + 1}`) };
    id = (await ann.ask('message.send', { body })).conversationId;
  }
  return { ann, bob, id };
}

/** What people have done to a message, each thing a row of its own table. */
async function decorate(conversationId: string, seq: number, { id: userId }: Person): Promise<void> {
  const values = { conversationId, seq, userId };
  for (const [table, columns, row] of [
    [
      'message_reaction',
      'conversation_id, seq, reaction, user_id, created_at',
      ":conversationId, :seq, '👍', :userId, NOW()",
    ],
    ['message_pin', 'conversation_id, seq, by_id, created_at', ':conversationId, :seq, :userId, NOW()'],
    ['message_star', 'conversation_id, seq, user_id, created_at', ':conversationId, :seq, :userId, NOW()'],
    ['message_hidden', 'conversation_id, seq, user_id', ':conversationId, :seq, :userId'],
  ]) {
    await app.model.query(`INSERT INTO ${table} (${columns}) VALUES (${row})`, { replacements: values });
  }
}

const decorated = async (conversationId: string) => {
  const tables = ['message_reaction', 'message_pin', 'message_star', 'message_hidden'];
  const places = await Promise.all(
    tables.map(table => select(`SELECT seq FROM ${table} WHERE conversation_id = :conversationId`, { conversationId })),
  );
  return places.map(rows => rows.map(row => row.seq));
};

describe('messages older than they are kept', () => {
  // Takes what other tests have left that is old.
  before(() => purge());

  it('go, oldest first, with all that belongs to them; younger ones stay', async () => {
    const { ann, bob, id } = await written(6);
    for (const seq of [2, 5]) await decorate(id, seq, bob);
    await ageMessages(id, 4, 31);
    await ageMessages(id, 5, 29);
    assert.equal(await purge(), 4 + 4);
    assert.deepEqual(await seqsOf(ann, id), [5, 6]);
    // Bob has hidden 5 for himself, which is his own affair and stays so.
    assert.deepEqual(await decorated(id), [[5], [5], [5], [5]]);
    assert.deepEqual(await conversationOf(id), { last_seq: 6, count: 6, purged_seq: 4, purged_count: 4 });
    assert.equal(await purge(), 0, 'nothing is left to do');
  });

  it('do not count as unread any more', async () => {
    const { ann, bob, id } = await written(6);
    const unread = async () => (await bob.call('conversation.show', { conversationId: id })).unread;
    assert.equal(await unread(), 6);
    await ageMessages(id, 4, 31);
    await purge();
    assert.equal(await unread(), 2);
    assert.deepEqual(await bob.call('conversation.read', { conversationId: id, seq: 5 }), {
      conversationId: id,
      readSeq: 5,
      unread: 1,
    });
    await ann.ask('message.create', { id, body: text('7') });
    assert.equal(await unread(), 2);
  });

  it('are counted right where lines of the server are among them', async () => {
    const [ann, bob, cat] = await people(3);
    const { id } = await groupOf([ann, bob]);
    const say = (words: string) => ann.ask('message.create', { id, body: text(words) });
    await say('one');
    await ann.call('member.add', { groupId: id, userIds: [cat.id] });
    await say('two');
    await say('three');
    const unread = async (someone: Person) => (await someone.call('conversation.show', { conversationId: id })).unread;
    assert.deepEqual([await unread(bob), await unread(cat)], [3, 2]);
    await ageMessages(id, 2, 31);
    await purge();
    assert.deepEqual([await unread(bob), await unread(cat)], [2, 2]);
    await ageMessages(id, 3, 31);
    await purge();
    assert.deepEqual([await unread(bob), await unread(cat)], [1, 1]);
  });

  it('leave the conversation where it is when they were all, and it goes on at its next place', async () => {
    const { ann, bob, id } = await written(3);
    await ageMessages(id, 3, 31);
    await purge();
    assert.equal(await count('message WHERE conversation_id = :id', { id }), 0);
    const [shown] = await bob.call('conversation.index', { limit: 50 });
    assert.deepEqual([shown.id, shown.unread, shown.lastSeq, shown.lastMessage], [id, 0, 3, undefined]);
    assert.deepEqual(await seqsOf(bob, id), []);
    const { seq } = await ann.ask('message.create', { id, body: text('still there?') });
    assert.equal(seq, 4);
    assert.deepEqual(await seqsOf(bob, id), [4]);
  });

  it('stay for ever when that is what is set', async () => {
    const { bob, id } = await written(2);
    await ageMessages(id, 2, 3650);
    await purge({ retentionDays: 0 });
    assert.deepEqual(await seqsOf(bob, id), [1, 2]);
    await purge({ retentionDays: 3650 });
  });

  it('go from conversations of many chunks, and from many conversations in one', async () => {
    const [ann, bob] = await people(2);
    const long = await groupOf([ann, bob]);
    await fillConversation(Number(long.id), Number(ann.id), 1234, daysAgo(40));
    const short = await Promise.all(Array.from({ length: 120 }, () => groupOf([ann, bob])));
    for (const { id } of short) await fillConversation(Number(id), Number(ann.id), 2, daysAgo(40));
    await ann.ask('message.create', { id: long.id, body: text('today') });
    assert.equal(await purge(), 1234 + 240);
    const ids = [long, ...short].map(({ id }) => id);
    assert.equal(await count('message WHERE conversation_id IN (:ids)', { ids }), 1);
    const rows = await select('SELECT purged_seq, purged_count FROM conversation WHERE id IN (:ids) ORDER BY id', {
      ids,
    });
    assert.deepEqual(
      rows.map(row => row.purged_seq),
      [1234, ...short.map(() => 2)],
    );
    assert.deepEqual(
      rows.map(row => row.purged_count),
      [1234, ...short.map(() => 2)],
    );
    assert.equal((await bob.call('conversation.show', { conversationId: long.id })).unread, 1);
  });

  it('go while others write to the same conversation, which loses nothing by it', async () => {
    const [ann, bob] = await people(2);
    const { id } = await groupOf([ann, bob]);
    await fillConversation(Number(id), Number(ann.id), 1500, daysAgo(40));
    const [a, b] = await Promise.all([ann, bob].map(each => each.connect()));
    const purging = purge();
    const sent = await Promise.all(
      [a, b].flatMap(client => Array.from({ length: 100 }, () => client.send({ conversationId: id, ...text('now') }))),
    );
    assert.equal(await purging, 1500);
    const seqs = sent.map(each => each.seq).sort((x, y) => x - y);
    assert.deepEqual(
      seqs,
      seqs.map((_, index) => 1501 + index),
    );
    assert.deepEqual(await seqsOf(bob, id), seqs);
    for (const client of [a, b]) {
      await client.until(() => client.replica.messages.length === 200 || undefined, '200 messages');
    }
  });

  it('are found again after a crash between saying so and taking them away', async () => {
    const { bob, id } = await written(5);
    for (const seq of [1, 2, 3]) await decorate(id, seq, bob);
    await app.model.Conversation.update({ purgedSeq: 3, purgedCount: 3 }, { where: { id } });
    assert.equal((await bob.call('conversation.show', { conversationId: id })).unread, 2);
    await purge();
    assert.deepEqual(await seqsOf(bob, id), [4, 5]);
    assert.deepEqual(await decorated(id), [[], [], [], []]);
    assert.deepEqual(await conversationOf(id), { last_seq: 5, count: 5, purged_seq: 3, purged_count: 3 });
  });

  it('are forgotten: the same clientMsgId is then a message of its own', async () => {
    const [ann, bob] = await people(2);
    const body = { to: { userId: bob.id }, ...text('again') };
    const first = await ann.ask('message.send', { body });
    assert.equal((await ann.ask('message.send', { body })).seq, 1);
    await ageMessages(first.conversationId, 1, 31);
    await purge();
    assert.equal((await ann.ask('message.send', { body })).seq, 2);
  });
});

describe('the messages of a dissolved group', () => {
  it('go whatever their age, also when messages are kept for ever; those of others stay', async () => {
    const [ann, bob] = await people(2);
    const [gone, kept] = [await groupOf([ann, bob]), await groupOf([ann, bob])];
    for (const { id } of [gone, kept]) {
      await fillConversation(Number(id), Number(ann.id), 700, new Date());
      await decorate(id, 7, bob);
    }
    await app.model.Conversation.destroy({ where: { id: gone.id } });
    await app.model.DissolvedConversation.create({ conversationId: Number(gone.id) });
    await purge({ retentionDays: 0 });
    assert.equal(await count('message WHERE conversation_id = :id', gone as never), 0);
    assert.deepEqual(await decorated(gone.id), [[], [], [], []]);
    assert.equal(await count('dissolved_conversation'), 0);
    assert.equal(await count('message WHERE conversation_id = :id', kept as never), 700);
    assert.deepEqual(await decorated(kept.id), [[7], [7], [7], [7]]);
  });

  it('go by the schedule, which any node has', async () => {
    const [ann, bob] = await people(2);
    const { id } = await groupOf([ann, bob]);
    await fillConversation(Number(id), Number(ann.id), 3, new Date());
    await app.model.DissolvedConversation.create({ conversationId: Number(id) });
    await app.runSchedule('retention');
    assert.equal(await count('message WHERE conversation_id = :id', { id }), 0);
    assert.equal(await count('dissolved_conversation'), 0);
  });
});

describe('requests that nobody can answer any more', () => {
  before(() => purge());

  it('go a month after that, whatever the answer was; younger ones stay', async () => {
    const [ann, ...others] = await people(5);
    const [fromId, ...toIds] = [ann, ...others].map(each => Number(each.id));
    const groupId = fromId;
    const expiries = [daysAgo(31), daysAgo(29), daysAgo(-7), daysAgo(31)];
    const statuses = ['pending', 'pending', 'pending', 'accepted'] as const;
    for (const [index, userId] of toIds.entries()) {
      const row = { status: statuses[index], createdAt: daysAgo(40), expiresAt: expiries[index] };
      await app.model.FriendRequest.create({ fromId, toId: userId, ...row });
      await app.model.GroupRequest.create({ groupId, userId, kind: 'invitation', ...row });
      await app.model.GroupRequest.create({ groupId, userId, kind: 'join', ...row });
    }
    await purge({ retentionDays: 0 });
    const friends = await select('SELECT to_id AS id FROM friend_request WHERE from_id = :fromId ORDER BY to_id', {
      fromId,
    });
    const left = toIds.slice(1, 3).sort((a, b) => a - b);
    assert.deepEqual(
      friends.map(row => row.id),
      left,
    );
    const groups = await select('SELECT user_id AS id FROM group_request WHERE group_id = :groupId ORDER BY user_id', {
      groupId,
    });
    assert.deepEqual(
      groups.map(row => row.id),
      left.flatMap(id => [id, id]),
    );
  });

  it('go in parts, however many there are', async () => {
    const base = Date.now() * 10;
    const rows = Array.from({ length: 1300 }, (_, index) => ({
      fromId: base + index,
      toId: 1,
      status: 'ignored' as const,
      createdAt: daysAgo(47),
      expiresAt: index % 2 ? daysAgo(40) : daysAgo(0),
    }));
    await app.model.FriendRequest.bulkCreate(rows);
    assert.equal(await purge({ retentionDays: 0 }), 650);
    assert.equal(await count('friend_request WHERE to_id = 1'), 650);
    await app.model.FriendRequest.destroy({ where: { toId: 1 } });
  });
});
