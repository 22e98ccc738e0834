import assert from 'node:assert/strict';
import { Database } from '../../../app/lib/database/pool';
import type { Query } from '../../../app/lib/database/session';
import { sql } from '../../../app/lib/database/statement';
import { purgeEntries, purgeMessages, type Purging } from '../../../app/lib/retention/rows';
import { settings } from '../../../config/settings';
import { groupOf } from '../../support/group';
import { people } from '../../support/person';
import { daysAgo, fillConversation } from '../../support/retention';
import { app, count } from '../../support/service';

const LONG = 5000;
/** A chunk of 500 rows, and a little beside it. */
const CHUNK = 600;
/** What one owner more may add to a look at many. */
const FEW = 20;

/** Runs a purge to its end. Returns the most rows that the server has read for one round trip. */
async function mostRead(begin: (query: Query) => Purging): Promise<number> {
  // MySQL counts for each connection.
  const database = new Database({ ...settings.database, connections: 1 });
  let most = 0;
  const counting: Query = async (statements, before) => {
    await database.query(['FLUSH STATUS']);
    const results = await database.query(statements, before);
    const [counters] = await database.query([sql<{ Value: string }>("SHOW SESSION STATUS LIKE 'Handler_read%'")]);
    const read = counters.reduce((sum, each) => sum + Number(each.Value), 0);
    most = Math.max(most, read);
    return results;
  };
  try {
    for await (const purged of begin(counting)) assert.ok(purged >= 0);
  } finally {
    await database.close();
  }
  return most;
}

const messages = (query: Query) => purgeMessages(query, daysAgo(30));
const entries = (query: Query) => purgeEntries(query, new Date(), daysAgo(30), daysAgo(30));

describe('the rows that a purge reads', () => {
  /** A conversation that holds nothing but messages sent then. */
  async function conversation(sentAt: Date): Promise<string> {
    const [ann, bob] = await people(2);
    const { id } = await groupOf([ann, bob]);
    await fillConversation(Number(id), Number(ann.id), LONG, sentAt);
    return id;
  }

  it('are not more for a long conversation of which nothing is old', async () => {
    const before = await mostRead(messages);
    await conversation(new Date());
    const read = (await mostRead(messages)) - before;
    assert.ok(read <= FEW, `${read} rows more`);
  });

  it('are a chunk at a time of a long conversation that is old', async () => {
    const before = await mostRead(messages);
    const id = await conversation(daysAgo(40));
    const read = await mostRead(messages);
    assert.ok(read <= Math.max(CHUNK, before + FEW), `${read} rows`);
    assert.equal(await count('message WHERE conversation_id = :id', { id }), 0);
  });

  it('are not more for a long stream of which nothing is old', async () => {
    const before = await mostRead(entries);
    const [ann] = await people(1);
    const rest = { receiverId: Number(ann.id), type: 'test', payload: '{}', createdAt: new Date() };
    const none = { conversationId: null, fromSeq: null, toSeq: null };
    const rows = Array.from({ length: LONG }, (_, index) => ({ ...rest, ...none, syncSeq: index + 1 }));
    await app.model.PushHistory.bulkCreate(rows);
    const read = (await mostRead(entries)) - before;
    assert.ok(read <= FEW, `${read} rows more`);
  });
});
