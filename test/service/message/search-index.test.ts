import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createConnection } from 'mysql2/promise';
import { groupOf } from '../../support/group';
import { people, text } from '../../support/person';
import { cutOff, find, lookAt, pagesOf, seqsOf } from '../../support/search';
import { app, mm, select } from '../../support/service';

/** The statements that docs/search.md gives to operators: the first block makes the index, the second drops it. */
const [make, drop] = [...readFileSync('docs/search.md', 'utf8').matchAll(/```sql\n(.*?)```/gs)].map(([, sql]) => sql);

async function operate(statements: string): Promise<void> {
  const connection = await createConnection({ uri: process.env.DATABASE_URL, multipleStatements: true });
  await connection.query(statements).finally(() => connection.end());
}

describe('with the index of words that MySQL can have, a search', () => {
  before(async function () {
    const [{ version }] = await select('SELECT VERSION() AS version');
    // It has no parser for Chinese.
    if (/MariaDB/.test(version as string)) return this.skip();
    await operate(make);
  });

  after(async () => {
    const indexes = await select("SHOW INDEX FROM message WHERE Key_name = 'message_words'");
    if (indexes.length > 0) await operate(drop);
  });

  beforeEach(() => lookAt(1));
  afterEach(() => void mm.restore());

  it('finds in one call what is far back, and the same as without', async () => {
    const [ann, bob] = await people(2);
    const { id } = await groupOf([ann, bob]);
    const texts = [
      '我觉得今天天气很好',
      'Mail is an aim in AI',
      'she said "stop", twice',
      'a_b 100% sure',
      'ＭＡＩＬ ✉️',
      '今天',
    ];
    for (const words of [...texts, 'the last']) await ann.ask('message.create', { id, body: text(words) });
    for (const [q, seqs] of [
      ['今天', [6, 1]],
      ['今天天气', [1]],
      ['mail', [5, 2]],
      ['ai aim', [2]],
      ['AIL ✉️', [5]],
      ['"stop",', [3]],
      ['100%', [4]],
      ['100_', []],
      ['nowhere', []],
      ['text', []],
    ] as const) {
      const page = await bob.callPage('message.search', { q, limit: 20 });
      assert.deepEqual([seqsOf(page.data), page.nextCursor], [seqs, undefined], q);
      for (const limit of [1, 2]) assert.deepEqual(seqsOf((await pagesOf(bob, { q, limit })).flat()), seqs, q);
    }
  });

  it('looks for a word of one character, which the index does not hold, without it', async () => {
    const [ann, bob] = await people(2);
    const { id } = await groupOf([ann, bob]);
    for (const words of ['天', '好天气', '%', 'x']) await ann.ask('message.create', { id, body: text(words) });
    for (const [q, seqs] of [
      ['天', [2, 1]],
      ['%', [3]],
    ] as const) {
      const pages = await pagesOf(bob, { q });
      assert.ok(pages.length > 1, q);
      assert.deepEqual(seqsOf(pages.flat()), seqs, q);
    }
  });

  it('finds what the caller may read, and nothing else', async () => {
    const [ann, bob, cat] = await people(3);
    const { id } = await groupOf([ann, bob]);
    for (const words of ['密码 one', '密码 two', '密码 three', 'the last']) {
      await ann.ask('message.create', { id, body: text(words) });
    }
    await cat.ask('message.send', { body: { to: { userId: cat.id }, ...text('密码 mine') } });
    await cat.ask('message.send', { body: { to: { userId: cat.id }, ...text('the last') } });
    const [mine, ...others] = await find(cat, '密码');
    assert.deepEqual([mine.content, others], [{ text: '密码 mine' }, []]);
    const [conversationId, userId] = [Number(id), Number(bob.id)];
    await app.model.MessageHidden.create({ userId, conversationId, seq: 3 });
    await app.model.ConversationMember.update({ clearedSeq: 1 }, { where: { conversationId, userId } });
    assert.deepEqual(seqsOf(await find(bob, '密码')), [2]);
    await app.model.Message.update({ content: '{"text":"changed"}' }, { where: { conversationId, seq: 2 } });
    assert.deepEqual(await find(bob, '密码'), []);
    assert.deepEqual(seqsOf(await find(bob, 'changed')), [2]);
  });

  it('is no hindrance to a text that ends in half an emoji', async () => {
    const [ann, bob] = await people(2);
    const { id } = await groupOf([ann, bob]);
    await ann.ask('message.create', { id, body: text('cut off') });
    await cutOff(id);
    await ann.ask('message.create', { id, body: text('the last') });
    assert.deepEqual(seqsOf(await find(bob, 'cut')), [1]);
  });
});
