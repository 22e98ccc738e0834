import assert from 'node:assert/strict';
import { newId } from '../../../app/lib/database/ids';
import { chunks, literal, select, SELECT_NOW, sql, tuples, upsert } from '../../../app/lib/database/statement';
import { app } from '../../support/service';

const asked = async (value: string | number | Date | null) => {
  const [row] = await app.engine.database.select(sql<{ it: unknown }>(`SELECT ${literal(value)} AS it`));
  return row.it;
};

describe('a value in a statement', () => {
  it('is read back as it was written, whatever it looks like', async () => {
    const words = [
      "it's",
      '\\',
      "\\'",
      '"',
      '`',
      '?',
      ':id',
      '%s',
      '\u0000',
      '\n',
      '🀄️',
      '',
      "'); DROP TABLE user; --",
    ];
    for (const each of words) assert.equal(await asked(each), each);
    for (const each of [0, -1, 1.5, Number.MAX_SAFE_INTEGER]) assert.equal(Number(await asked(each)), each);
    assert.equal(await asked(null), null);
  });

  it('is a time of UTC, to the millisecond', () => {
    assert.equal(literal(new Date('2026-03-29T01:30:00.007Z')), "'2026-03-29 01:30:00.007'");
  });

  it('is NULL as a value, and not as a word', () => {
    assert.deepEqual([literal(null), literal('NULL')], ['NULL', "'NULL'"]);
  });
});

describe('a list of pairs', () => {
  it('has each pair in brackets, and its words escaped', () => {
    const pairs = [
      [1, "a'b"],
      [2, 'c'],
    ];
    assert.equal(tuples(pairs), "(1,'a\\'b'),(2,'c')");
  });

  it('finds the rows of these pairs, and not those of their halves', async () => {
    const table = '(SELECT 1 AS a, 2 AS b UNION SELECT 1, 3 UNION SELECT 2, 2) AS pair';
    const pairs = tuples([
      [1, 2],
      [2, 3],
    ]);
    const found = await app.engine.database.select(
      sql<{ a: number; b: number }>(`SELECT a, b FROM ${table} WHERE (a, b) IN (${pairs})`),
    );
    assert.deepEqual(
      found.map(({ a, b }) => [a, b]),
      [[1, 2]],
    );
  });
});

describe('slices', () => {
  it('are as long as asked, the last one as long as what is left', () => {
    assert.deepEqual(chunks([1, 2, 3, 4, 5], 2), [[1, 2], [3, 4], [5]]);
    assert.deepEqual(chunks([1, 2, 3, 4], 2), [
      [1, 2],
      [3, 4],
    ]);
    assert.deepEqual(chunks([], 2), []);
  });
});

describe('an upsert', () => {
  it('changes each row to its own values, leaves the other columns, and adds what is missing', async () => {
    const { database } = app.engine;
    const first = newId();
    const ids = [first, first + 1, first + 2];
    await database.query([`INSERT INTO user_inbox (user_id, notice_seq) VALUES (${ids[0]},7),(${ids[1]},8)`]);
    const rows = ids.map((id, index) => `(${id},${index + 10})`);
    await database.query([upsert('user_inbox', 'user_id, last_seq', rows, 'last_seq = VALUES(last_seq)')]);
    const stored = await database.select(
      select('user_inbox', ['last_seq', 'notice_seq'], `WHERE user_id IN (${ids.join()}) ORDER BY user_id`),
    );
    assert.deepEqual(
      stored.map(row => [row.last_seq, row.notice_seq]),
      [
        [10, 7],
        [11, 8],
        [12, 0],
      ],
    );
  });
});

describe("the database's clock", () => {
  it('is read as a date, to the millisecond, and never runs back', async () => {
    const [[{ now: before }], [{ now: after }]] = await app.engine.database.query([SELECT_NOW, SELECT_NOW]);
    assert.ok(before instanceof Date && after instanceof Date);
    assert.ok(before <= after);
    assert.ok(Math.abs(before.getTime() - Date.now()) < 60_000, 'the clocks of one machine agree');
  });
});
