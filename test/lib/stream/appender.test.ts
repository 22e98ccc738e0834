import assert from 'node:assert/strict';
import { lockStreams, StreamAppender } from '../../../app/lib/stream/appender';
import { messagesEntry, type NewEntry } from '../../../app/lib/stream/entry';
import { untouched } from '../../../app/lib/message/row';
import { absentees } from '../../support/notice';
import { app, count, select } from '../../support/service';
import { blocked } from '../../support/unit';

const AT = new Date('2026-03-29T01:30:00.007Z');

/** How long data is whose user has no id. */
const EMPTY = JSON.stringify({ userId: '', blocked: true }).length;
const ofLength = (length: number, receiverIds: readonly number[]) => blocked('x'.repeat(length - EMPTY), receiverIds);

const numbers = (to: number) => Array.from({ length: to }, (_, index) => index + 1);
const timesIn = (text: string, part: string) => text.split(part).length - 1;
const beginning = (statements: readonly string[], words: string) => statements.filter(each => each.startsWith(words));

/** A message as it is about to be received. */
const message = (seq: number, content: string) => ({
  senderVersion: 0,
  ...{ conversationId: 7, seq, clientMsgId: `${seq}`, senderId: 1, type: 'text', content, replyTo: null },
  ...{ mentions: null, extra: null, sentAt: AT, mentionAll: false, syncSeq: 0, ...untouched },
});

/** Has entries stored, in a transaction that has locked these streams. */
function store(userIds: readonly number[], entries: readonly NewEntry[]): Promise<string[]> {
  return app.engine.database.begin(async session => {
    const appender = new StreamAppender();
    appender.locked(await session.query(lockStreams(userIds)));
    for (const entry of entries) appender.append(entry, AT);
    const statements = appender.statements();
    await session.commit(statements);
    return statements;
  });
}

const accounts = async (howMany: number) => (await absentees(howMany)).map(Number);

describe('the locks of streams', () => {
  it('are asked for once each, in the order of ids, whatever the order of receivers', () => {
    const [statement, ...more] = lockStreams([9, 100, 9, 20]);
    assert.match(statement, /IN \(9,20,100\) ORDER BY user_id FOR UPDATE$/);
    assert.deepEqual(more, []);
    assert.deepEqual(lockStreams([]), []);
  });

  it('of more than 500 users are asked for by several statements', () => {
    assert.equal(lockStreams(numbers(500)).length, 1);
    const [first, second] = lockStreams(numbers(501));
    assert.match(first, /,500\)/);
    assert.match(second, /\(501\)/);
  });
});

describe('the end of a stream', () => {
  it('moves by one with each entry, on its own for each user', () => {
    const appender = new StreamAppender();
    appender.locked([[{ user_id: 1, last_seq: 4 }], [{ user_id: 2, last_seq: 0 }]]);
    const entries = [blocked('a', [1, 2]), blocked('b', [1]), blocked('c', [2, 1])];
    const publications = entries.map(entry => appender.append(entry, AT));
    assert.deepEqual(
      publications.map(each => each.to),
      [
        [1, 5, 2, 1],
        [1, 6],
        [2, 2, 1, 7],
      ],
    );
    const [inboxes] = beginning(appender.statements(), 'INSERT INTO user_inbox');
    assert.match(inboxes, /VALUES \(1,7\),\(2,2\) ON/);
  });

  it('is known of streams that are locked, and stays where nothing is added', () => {
    const appender = new StreamAppender();
    appender.locked([[{ user_id: 1, last_seq: 4 }]]);
    assert.deepEqual([appender.holds(1), appender.holds(2)], [true, false]);
    assert.deepEqual(appender.statements(), []);
  });

  it('is stored as it is pushed, several entries for one user included', async () => {
    const [ann, bob] = await accounts(2);
    await store([ann, bob], [blocked('a', [ann])]);
    await store([bob, ann], [blocked('b', [ann, bob]), blocked('c', [ann])]);
    const rows = await select(
      'SELECT receiver_id, sync_seq, payload, created_at FROM push_history WHERE receiver_id IN (:ids) ORDER BY receiver_id, sync_seq',
      { ids: [ann, bob] },
    );
    const row = (receiverId: number, syncSeq: number, userId: string) => {
      const payload = JSON.stringify({ userId, blocked: true });
      return { receiver_id: receiverId, sync_seq: syncSeq, payload, created_at: AT };
    };
    assert.deepEqual(rows, [row(ann, 1, 'a'), row(ann, 2, 'b'), row(ann, 3, 'c'), row(bob, 1, 'b')]);
    const heads = await select('SELECT last_seq FROM user_inbox WHERE user_id IN (:ids) ORDER BY user_id', {
      ids: [ann, bob],
    });
    assert.deepEqual(heads, [{ last_seq: 3 }, { last_seq: 1 }]);
  });
});

describe('the data of an entry', () => {
  const receivers = numbers(16);
  const statementsFor = (entry: NewEntry) => {
    const appender = new StreamAppender();
    appender.append(entry, AT);
    return appender.statements();
  };

  it('is in each row when all its copies are short', () => {
    const statements = statementsFor(ofLength(4095, receivers));
    assert.deepEqual(beginning(statements, 'SET'), []);
    assert.equal(timesIn(statements.join(';'), 'x'.repeat(4095 - EMPTY)), 16);
  });

  it('is sent once when its copies are 64 KB or more in all', () => {
    const statements = statementsFor(ofLength(4096, receivers));
    assert.match(statements[0], /^SET @payload0 = '/);
    assert.equal(timesIn(statements.join(';'), 'x'.repeat(4096 - EMPTY)), 1);
    assert.equal(timesIn(statements[1], ',@payload0,'), 16);
  });

  it('is for each entry its own, however it was sent, and whatever is in it', async () => {
    const [ann, bob] = await accounts(2);
    const long = (mark: string) => `${mark}${`'"\\ 🀄️ @payload0;`.repeat(3000)}`;
    const words = [long('a'), 'short', long('b')];
    const statements = await store(
      [ann, bob],
      words.map(each => blocked(each, [ann, bob])),
    );
    assert.equal(beginning(statements, 'SET').length, 2);
    for (const userId of [ann, bob]) {
      const rows = await select('SELECT payload FROM push_history WHERE receiver_id = :userId ORDER BY sync_seq', {
        userId,
      });
      assert.deepEqual(
        rows.map(row => row.payload),
        words.map(each => JSON.stringify({ userId: each, blocked: true })),
      );
    }
  });
});

describe('an entry for thousands', () => {
  it('is written by as many statements as 2,000 rows each need', () => {
    for (const [receivers, statements] of [
      [2000, 1],
      [2001, 2],
      [4001, 3],
    ]) {
      const appender = new StreamAppender();
      appender.append(blocked('a', numbers(receivers)), AT);
      const written = appender.statements();
      for (const table of ['push_history', 'user_inbox']) {
        assert.equal(beginning(written, `INSERT INTO ${table}`).length, statements, `${table} of ${receivers}`);
      }
    }
  });

  it('comes to each of them, once', async () => {
    const userIds = await accounts(2001);
    await store(userIds, [ofLength(1000, userIds)]);
    const of = `push_history WHERE receiver_id IN (:userIds) AND sync_seq = 1 AND LENGTH(payload) = 1000`;
    assert.equal(await count(of, { userIds }), 2001);
    assert.equal(await count('push_history WHERE receiver_id IN (:userIds)', { userIds }), 2001);
    assert.equal(await count('user_inbox WHERE user_id IN (:userIds) AND last_seq = 1', { userIds }), 2001);
  });
});

describe('a run of messages', () => {
  it('is stored as their places without their text, however long, and pushed with it', async () => {
    const [ann, bob] = await accounts(2);
    const content = JSON.stringify({ text: 'x'.repeat(1 << 16) });
    const run = messagesEntry('message.new', [message(3, content), message(4, '{"text":"y"}')], [ann, bob]);
    const statements = await store([ann, bob], [run]);
    assert.equal(timesIn(statements.join(';'), 'xxx'), 0);
    const rows = await select(
      'SELECT type, conversation_id, from_seq, to_seq, payload FROM push_history WHERE receiver_id = :bob',
      { bob },
    );
    assert.deepEqual(rows, [{ type: 'message.new', conversation_id: 7, from_seq: 3, to_seq: 4, payload: null }]);
    const { tail } = new StreamAppender().append(run, AT);
    const pushed = JSON.parse(`{${tail}`) as { data: { messages: { content: unknown }[] }; at: string };
    assert.deepEqual(
      pushed.data.messages.map(each => each.content),
      [JSON.parse(content), { text: 'y' }],
    );
    assert.equal(pushed.at, AT.toISOString());
  });
});
