import type { Connection } from 'mysql2/promise';
import { setTimeout as sleep } from 'node:timers/promises';

/** Pages that the database may write in a second when nobody else wants the disk. */
const PAGES = 20_000;
const FLUSHED_MS = 300_000;
const QUIET_MS = 2000;
const QUIET_TRIES = 60;
/** Statements in that time that are not worth waiting for: a look for lost pushes may fall into it. */
const ASKED = 20;

/** Goes on when the database has written everything to its files, as fast as the disk takes it. */
export async function untilFlushed(connection: Connection): Promise<void> {
  const [rows] = await connection.query('SELECT @@innodb_io_capacity AS pages, @@innodb_io_capacity_max AS most');
  const [{ pages, most }] = rows as { pages: number; most: number }[];
  await connection.query('SET GLOBAL innodb_io_capacity_max = ?', [PAGES]);
  await connection.query('SET GLOBAL innodb_io_capacity = ?', [PAGES]);
  await connection.query('SET GLOBAL innodb_max_dirty_pages_pct = 0');
  for (const deadline = Date.now() + FLUSHED_MS; Date.now() < deadline; await sleep(500)) {
    if ((await statusOf(connection, 'Innodb_buffer_pool_pages_dirty')) < 100) break;
  }
  await connection.query('SET GLOBAL innodb_max_dirty_pages_pct = DEFAULT');
  await connection.query('SET GLOBAL innodb_io_capacity = ?', [pages]);
  await connection.query('SET GLOBAL innodb_io_capacity_max = ?', [most]);
}

/** Goes on when the database is hardly asked anything: a service that has just started looks for what is to be purged. */
export async function untilQuiet(connection: Connection): Promise<void> {
  for (let tries = 0; tries < QUIET_TRIES; tries++) {
    const before = await statusOf(connection, 'Questions');
    await sleep(QUIET_MS);
    if ((await statusOf(connection, 'Questions')) - before < ASKED) return;
  }
}

async function statusOf(connection: Connection, name: string): Promise<number> {
  const [rows] = await connection.query(`SHOW GLOBAL STATUS LIKE '${name}'`);
  return Number((rows as { Value: string }[])[0].Value);
}
