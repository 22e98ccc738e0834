import assert from 'node:assert/strict';
import { beginWith } from '../../../app/lib/database/sequelize';
import { select as selectFrom } from '../../../app/lib/database/statement';
import { fromRow, MESSAGE_COLUMNS } from '../../../app/lib/message/row';
import { advance, insertMessages } from '../../../app/lib/message/store';
import { lockConversations, type Draft, type PlacedMessage } from '../../../app/lib/message/locked_conversation';
import { groupOf } from '../../support/group';
import { people } from '../../support/person';
import { app, select } from '../../support/service';
import { draft, locked, rowsOf } from '../../support/stored';

const newGroup = async () => (await groupOf(await people(2))).id;

/** Stores messages as the two statements alone do. */
function insert(id: string, drafts: readonly Draft[]): Promise<PlacedMessage[]> {
  return locked(id, async ({ session }, conversation) => {
    const placed = drafts.map(each => conversation.place(each));
    await session.query([insertMessages(placed), advance([conversation])]);
    return placed;
  });
}

/** The messages of a conversation, none of which is a notice, with all that their rows have. */
async function storedIn(id: string): Promise<PlacedMessage[]> {
  const columns = [...MESSAGE_COLUMNS, 'count'] as const;
  const rows = await rowsOf(selectFrom('message', columns, `WHERE conversation_id = ${id} ORDER BY seq`));
  return rows.map(row => ({ ...fromRow(row), count: row.count, expiresAt: null }));
}

/** The end of a conversation as its row has it. */
const endOf = async (id: string) => (await select('SELECT * FROM conversation WHERE id = :id', { id }))[0];

describe('a message that is stored', () => {
  it('comes back with every column as it was', async () => {
    const id = await newGroup();
    const full = { replyTo: 1, mentions: '["3","4"]', mentionAll: true, extra: '{"a":[1,null]}' };
    const placed = await insert(id, [draft(), draft({ senderId: 2, type: 'custom', ...full })]);
    assert.deepEqual(await storedIn(id), placed);
  });

  it('may hold quotes, backslashes, statements, line ends and emoji', async () => {
    const id = await newGroup();
    const words = [
      `'`,
      `"`,
      '`',
      '\\',
      `\\'`,
      `'); DROP TABLE message; -- `,
      '%_?:id',
      'a\nb\r\t\u0000\u001a',
      '好',
      '👩‍👩‍👧‍👦 🇨🇳',
      '\u2028',
    ];
    const raw = words.map(content => draft({ content, extra: content }));
    const json = words.map(words => draft({ content: JSON.stringify({ text: words }) }));
    await insert(id, [...raw, ...json]);
    const stored = await storedIn(id);
    assert.deepEqual(
      stored.map(({ content, extra }) => [content, extra]),
      [...raw, ...json].map(({ content, extra }) => [content, extra]),
    );
  });

  it('keeps to the millisecond when it is out of date', async () => {
    const id = await newGroup();
    const expiresAt = new Date('2030-12-31T23:59:59.987Z');
    await insert(id, [draft({ type: 'notice', expiresAt }), draft({ type: 'notice', expiresAt: null })]);
    const rows = await select('SELECT expires_at FROM message WHERE conversation_id = :id ORDER BY seq', { id });
    assert.deepEqual(
      rows.map(row => row.expires_at),
      [expiresAt, null],
    );
  });

  it('is refused, with those beside it, when its sender has used its id before', async () => {
    const [one, other] = [await newGroup(), await newGroup()];
    const [first] = await insert(one, [draft()]);
    const again = { ...first, conversationId: Number(other) };
    const beside = { ...again, ...draft(), seq: 2 };
    const begin = beginWith(app.model);
    const storing = (...messages: PlacedMessage[]) => begin(({ query }) => query([insertMessages(messages)]));
    await assert.rejects(storing(beside, again));
    assert.deepEqual(await storedIn(other), []);
    await storing(beside, { ...again, senderId: 2 });
    assert.equal((await storedIn(other)).length, 2);
  });
});

describe('a conversation that is advanced', () => {
  it('ends with its last message, and is otherwise as it was', async () => {
    const id = await newGroup();
    const before = await endOf(id);
    const placed = await insert(id, [draft({ mentionAll: true }), draft({ type: 'system' }), draft()]);
    assert.deepEqual(await endOf(id), {
      ...before,
      last_seq: 3,
      count: 2,
      mention_all_seq: 1,
      last_at: placed[2].sentAt,
    });
  });

  it('moves with others in one statement, each to its own place', async () => {
    const ids = [await newGroup(), await newGroup(), await newGroup()];
    await app.engine.transact(async unit => {
      const [rows] = await unit.session.query([lockConversations(ids.map(Number))]);
      const conversations = [...(await unit.open(rows)).values()];
      conversations.forEach((each, index) => {
        for (let left = index; left > 0; left--) each.place(draft());
      });
      await unit.session.query([advance(conversations.reverse())]);
    });
    const ends = await Promise.all(ids.map(endOf));
    assert.deepEqual(
      ends.map(end => [end.last_seq, end.count]),
      [
        [0, 0],
        [1, 1],
        [2, 2],
      ],
    );
  });
});
