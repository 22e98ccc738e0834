import { createHash } from 'node:crypto';

/** Ids that the service makes by itself are larger: those of the first days of 2025. */
const BITS = 44n;

/**
 * The id that a row of the old database has here: the same at every run. The ids of that time were UUIDs, ours are numbers.
 * @param {'user' | 'group'} kind
 * @param {string} uuid
 */
export function idOf(kind, uuid) {
  const hash = createHash('sha256').update(`${kind}:${uuid.toLowerCase()}`).digest();
  return Number(hash.readBigUInt64BE() >> (64n - BITS)) + 1;
}

/** A database of the first system of this kind: its tables, as its migrations made them. */
export class Source {
  /**
   * @param {import('mysql2/promise').Connection} connection answers times as text
   * @param {string} zone in which that text is meant
   */
  constructor(connection, zone) {
    this.connection = connection;
    this.zone = zone;
  }

  /** The instant of a DATETIME. @param {string | null} text */
  time(text) {
    return text ? new Date(`${text.replace(' ', 'T')}${this.zone}`) : new Date();
  }

  /** The rows of a table in order of id, some at a time. @param {string} table @returns {AsyncGenerator<object[]>} */
  async *pages(table, size = 1000) {
    for (let last = ''; ;) {
      const rows = await this.#rows(`SELECT * FROM \`${table}\` WHERE id > ? ORDER BY id LIMIT ${size}`, [last]);
      if (rows.length > 0) yield rows;
      if (rows.length < size) return;
      last = rows.at(-1).id;
    }
  }

  /**
   * All messages, conversation by conversation, in the order in which they were sent, some of one at a time. One pass: their table
   * has no index by which those of a conversation could be found.
   * @returns {AsyncGenerator<{ groupId: string | null, one: string, other: string, rows: object[] }>}
   */
  async *messages(size = 500) {
    const one = "IF(groupId IS NULL, LEAST(senderId, receiverId), '')";
    const other = "IF(groupId IS NULL, GREATEST(senderId, receiverId), '')";
    const sql = `SELECT *, ${one} AS one, ${other} AS other FROM message ORDER BY groupId, one, other, createdAt, id`;
    let batch;
    for await (const row of this.connection.connection.query(sql).stream({ highWaterMark: size })) {
      const { groupId } = row;
      const isSame = batch?.groupId === groupId && batch.one === row.one && batch.other === row.other;
      if (batch && (!isSame || batch.rows.length === size)) yield batch;
      if (!isSame || batch.rows.length === size) batch = { groupId, one: row.one, other: row.other, rows: [] };
      batch.rows.push(row);
    }
    if (batch) yield batch;
  }

  /** Who has not got which message yet, by its id. @returns {Promise<Map<string, string[]>>} */
  async unsynced() {
    const waiting = new Map();
    for await (const rows of this.pages('push_history')) {
      for (const { entity, entityType, arrivalAt, receiverId } of rows) {
        if (arrivalAt || entityType !== 1) continue;
        const { id } = JSON.parse(String(entity));
        waiting.set(id, [...(waiting.get(id) ?? []), receiverId]);
      }
    }
    return waiting;
  }

  async #rows(sql, values = []) {
    const [rows] = await this.connection.query(sql, values);
    return rows;
  }
}
