import assert from 'node:assert/strict';
import { readWith } from '../../../app/lib/database/sequelize';
import { sql, type Select } from '../../../app/lib/database/statement';
import { Scan } from '../../../app/lib/search/scan';
import { wordsOf } from '../../../app/lib/search/condition';
import { groupOf } from '../../support/group';
import { people } from '../../support/person';
import { fill } from '../../support/search';
import { app } from '../../support/service';

const WORD = `${'a'.repeat(63)}b`;

/** A group of Ann and Bob in which the first message is the word, and the others are its beginning at every place. */
async function tediousGroup() {
  const [ann, bob] = await people(2);
  const { id } = await groupOf([ann, bob]);
  const others = Array.from({ length: 60 }, () => 'a'.repeat(8000));
  await fill(id, [WORD, ...others]);
  return { userId: Number(ann.id), stretch: { id: Number(id), above: 0, upTo: 61 } };
}

/** A statement that is given up sooner. */
const within = (ms: number) => {
  const read = readWith(app.model);
  return <Row>(statement: Select<Row>) =>
    read(
      sql<Row>(
        statement
          .replace(/max_statement_time = [\d.]+/, `max_statement_time = ${ms / 1000}`)
          .replace(/MAX_EXECUTION_TIME\(\d+\)/, `MAX_EXECUTION_TIME(${ms})`),
      ),
    );
};

describe('a scan', () => {
  it('goes on in smaller steps when the server gives a statement up', async () => {
    const { userId, stretch } = await tediousGroup();
    let givenUp = 0;
    const impatient = <Row>(statement: Select<Row>) =>
      within(100)(statement).catch((error: unknown) => {
        givenUp++;
        throw error;
      });
    const scan = new Scan(impatient, [stretch], { userId, words: wordsOf(WORD) }, 1000);
    while (scan.left.length > 0) await scan.run(20);
    assert.deepEqual(scan.found, [{ id: stretch.id, seq: 1 }]);
    assert.ok(givenUp > 0, 'it was given up');
  });

  it('fails when not even one message can be looked at in time', async () => {
    const { userId, stretch } = await tediousGroup();
    const scan = new Scan(within(1), [stretch], { userId, words: wordsOf(WORD) }, 1000);
    await assert.rejects(scan.run(20), /max_statement_time|maximum statement execution time/);
  });
});
