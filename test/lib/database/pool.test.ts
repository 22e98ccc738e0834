import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Database } from '../../../app/lib/database/pool';
import { sql } from '../../../app/lib/database/statement';
import { settings } from '../../../config/settings';
import { mm } from '../../support/service';

/** Which connection answers. */
const connection = sql<{ readonly id: number }>('SELECT CONNECTION_ID() AS id');

describe('connections to the database', () => {
  let database: Database;

  beforeEach(() => {
    database = new Database({ ...settings.database, connections: 3 });
  });

  afterEach(() => database.close());

  const idOf = async () => (await database.select(connection))[0].id;

  it('are kept while nobody needs them', async () => {
    const ids = (await Promise.all([idOf(), idOf(), idOf()])).sort();
    await sleep(2500);
    assert.deepEqual((await Promise.all([idOf(), idOf(), idOf()])).sort(), ids);
  });

  it('are opened anew after a long time without use, before the server closes them', async () => {
    const id = await idOf();
    const now = Date.now();
    mm(Date, 'now', () => now + 59_000);
    assert.equal(await idOf(), id);
    mm(Date, 'now', () => now + 120_000);
    const next = await idOf();
    assert.notEqual(next, id);
    assert.equal(await idOf(), next);
  });

  it('are opened anew when the server has closed them', async () => {
    const id = await idOf();
    const other = new Database({ ...settings.database, connections: 1 });
    await other.query([], [`KILL ${id}`]);
    await other.close();
    await sleep(100);
    assert.notEqual(await idOf(), id);
  });
});
