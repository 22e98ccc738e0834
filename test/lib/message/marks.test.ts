import assert from 'node:assert/strict';
import { newId } from '../../../app/lib/database/ids';
import { sql } from '../../../app/lib/database/statement';
import { countReactions, type Mark } from '../../../app/lib/message/marks';
import { app } from '../../support/service';

const MANY = 5000;
/** Steps to each reaction and to its end, and as many rows as there are marks. */
const FEW = 50;

describe('the reactions to a message', () => {
  it('are counted as far as these marks could take them away, and no further rows are looked at', async () => {
    const [conversationId, seq] = [newId(), 1];
    const rows = (reaction: string, howMany: number) =>
      Array.from({ length: howMany }, (_, index) => ({ conversationId, seq, reaction, userId: index + 1 }));
    await app.model.MessageReaction.bulkCreate([...rows('👍', MANY), ...rows('ok', 3), ...rows('!', 1)]);
    await app.model.query('ANALYZE TABLE message_reaction');
    const marks = [1, 2, 3, 4].map((user_id): Mark => ({
      table: 'message_reaction',
      conversation_id: conversationId,
      seq,
      user_id,
      reaction: '👍',
    }));
    // One connection, which counts for itself.
    const [, [{ version }], found, counters] = await app.engine.database.query([
      'FLUSH STATUS',
      sql<{ version: string }>('SELECT VERSION() AS version'),
      countReactions(conversationId, marks),
      sql<{ Value: string }>("SHOW SESSION STATUS LIKE 'Handler_read%'"),
    ]);
    const counts = Object.fromEntries(found.map(({ reaction, users }) => [reaction, users]));
    assert.deepEqual(counts, { '👍': 5, ok: 3, '!': 1 });
    const read = counters.reduce((sum, each) => sum + Number(each.Value), 0);
    // MySQL goes through the index, which is as much as it did before.
    if (version.includes('MariaDB')) assert.ok(read <= FEW, `${read} rows`);
  });
});
