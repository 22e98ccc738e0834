import type { Connection } from 'mysql2';
import { isLost, translate } from './outage';
import type { Commit, Query, Session } from './session';
import type { Results, Select } from './statement';

/** A statement that takes longer than this is given up with its connection, so that a hung server is answered for in time. */
export const STATEMENT_TIMEOUT_MS = 4000;
/** Shorter than the time-out of a statement, so that it is the lock wait that is reported; two of them fit into one answer. */
const LOCK_WAIT_S = 2;
/** Bytes of one GROUP_CONCAT: 1,000 numbers of 16 digits and what is between them, where the 1024 of MySQL would cut one in two. */
const CONCAT_BYTES = 17_000;
/** Bytes of SQL sent at once: far below the smallest max_allowed_packet in use, 16 MB. */
const PACKET_BYTES = 4 << 20;

/**
 * What a new connection of either pool is told. The mode is named because the escaping of values is only right without
 * NO_BACKSLASH_ESCAPES, whatever the server is set to.
 */
export const SESSION_LIMITS = [
  "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'",
  `innodb_lock_wait_timeout = ${LOCK_WAIT_S}`,
  `group_concat_max_len = ${CONCAT_BYTES}`,
].join();

/** Sends SQL over a connection. Throws UNAVAILABLE. */
export function send(connection: Connection, sql: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    connection.query({ sql, timeout: STATEMENT_TIMEOUT_MS }, (error, results) => {
      if (!error) return resolve(results);
      // The answer may still come and would then be taken for that of the next statement.
      if (isLost(error)) connection.destroy();
      reject(translate(error));
    });
  });
}

/** The rows of one SELECT. */
export async function selectOver<Row>(connection: Connection, statement: Select<Row>): Promise<Row[]> {
  return (await send(connection, statement)) as Row[];
}

/** Sends several statements in one round trip, or in as few as the size of a packet allows. */
export function queryOver(connection: Connection): Query {
  return async <const S extends readonly string[]>(statements: S, before: readonly string[] = []) => {
    const results: unknown[] = [];
    for (const packet of packetsOf([...before, ...statements])) {
      const answered = await send(connection, packet.join(';'));
      if (packet.length > 1) results.push(...(answered as unknown[]));
      else results.push(answered);
    }
    return results.slice(before.length) as Results<S>;
  };
}

/** The statements in order, as many together as one packet takes. */
function packetsOf(statements: readonly string[]): string[][] {
  const packets: string[][] = [];
  let bytes = Infinity;
  for (const statement of statements) {
    bytes += statement.length;
    if (bytes > PACKET_BYTES) {
      packets.push([]);
      bytes = statement.length;
    }
    packets.at(-1)!.push(statement);
  }
  return packets;
}

/** A transaction that begins with its first statements and is committed with its last, in the same round trips. */
export class ConnectionSession implements Session {
  private readonly send: Query;
  private hasBegun = false;

  constructor(connection: Connection) {
    this.send = queryOver(connection);
  }

  readonly query: Query = (statements, before = []) => this.send(statements, [...this.begin(), ...before]);

  readonly commit: Commit = async <const S extends readonly string[]>(
    statements: readonly string[],
    selects = [] as readonly string[] as S,
  ) => {
    if (!this.hasBegun && statements.length + selects.length === 0) return [] as Results<S>;
    const results = await this.send([...selects, 'COMMIT'], [...this.begin(), ...statements]);
    return results.slice(0, -1) as Results<S>;
  };

  /** What goes ahead of the first statements. */
  private begin(): string[] {
    if (this.hasBegun) return [];
    this.hasBegun = true;
    return ['START TRANSACTION'];
  }
}
