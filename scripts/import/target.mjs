/** A database of this service. Everything may be written twice: what is there stays as it is. */
export class Target {
  /** How many rows of each kind were read, and how many of these were new. @type {Map<string, { read: number, written: number }>} */
  report = new Map();

  /**
   * @param {import('mysql2/promise').Connection} connection
   * @param {string} app the tenant to which all of it goes
   */
  constructor(connection, app) {
    this.connection = connection;
    this.app = app;
  }

  /** @param {string} table @param {object[]} rows of the same columns @param {string} [kind] in the report */
  async insert(table, rows, kind = `${table}s`) {
    if (rows.length === 0) return;
    const columns = Object.keys(rows[0]);
    const sql = `INSERT IGNORE INTO ${table} (${columns.join()}) VALUES ?`;
    const { affectedRows } = await this.#query(sql, [rows.map(row => columns.map(column => row[column]))]);
    this.#count(kind, rows.length, affectedRows);
  }

  /** Users who have the id or the account of one of these. @param {object[]} rows */
  users(rows) {
    const columns = 'SELECT id, app, account, created_at FROM user WHERE';
    // Index: user PRIMARY, user_account.
    return this.#query(`${columns} id IN (?) UNION ${columns} app = ? AND account IN (?)`, [
      rows.map(row => row.id),
      this.app,
      rows.map(row => row.account),
    ]);
  }

  /** Conversations that have the id of one of these. @param {object[]} rows */
  conversations(rows) {
    return this.#query('SELECT id, app, type, created_at FROM conversation WHERE id IN (?)', [rows.map(row => row.id)]);
  }

  /** The members of a group, in order. @param {number} id */
  async membersOf(id) {
    const rows = await this.#query(
      'SELECT user_id FROM conversation_member WHERE conversation_id = ? ORDER BY user_id',
      [id],
    );
    return rows.map(row => row.user_id);
  }

  /**
   * The conversation of two users, which may have begun one here already. Nobody is kept from going on with it.
   * @param {string} key @param {number} id @param {number[]} userIds
   */
  async single(key, id, userIds) {
    const now = new Date();
    const fresh = { app: this.app, type: 'single', single_key: key, last_at: now, created_at: now };
    let [known] = await this.#singleOf(key);
    // An id that another conversation has is passed over: it is the key by which this one is found again.
    for (let free = id; !known; free++) {
      await this.insert('conversation', [{ id: free, ...fresh }], 'single conversations');
      [known] = await this.#singleOf(key);
    }
    const members = userIds.map(user_id => ({ conversation_id: known.id, user_id, has_written: 1, joined_at: now }));
    await this.insert('conversation_member', members, 'members');
    return known.id;
  }

  #singleOf(key) {
    return this.#query('SELECT id FROM conversation WHERE single_key = ?', [key]);
  }

  /**
   * Appends messages to a conversation in one transaction.
   * @param {number} id
   * @param {number[]} userIds its members, in order
   * @param {{ client_msg_id: string, sender_id: number, type: string, content: object, sent_at: Date, missing: number[] }[]} given
   */
  async append(id, userIds, given) {
    await this.#query('START TRANSACTION');
    const [{ last_seq: last, count }] = await this.#query(
      'SELECT last_seq, count FROM conversation WHERE id = ? FOR UPDATE',
      [id],
    );
    const known = await this.#query('SELECT client_msg_id FROM message WHERE (sender_id, client_msg_id) IN (?)', [
      given.map(each => [each.sender_id, each.client_msg_id]),
    ]);
    const there = new Set(known.map(row => row.client_msg_id.toLowerCase()));
    const messages = given
      .filter(each => !there.has(each.client_msg_id.toLowerCase()))
      .map((each, index) => ({ ...each, seq: last + 1 + index, count: count + 1 + index }));
    if (messages.length > 0) await this.#write(id, userIds, last, messages);
    await this.#query('COMMIT');
    this.#count('messages', given.length, messages.length);
  }

  async #write(id, userIds, last, messages) {
    const rows = messages.map(({ seq, count, sender_id, client_msg_id, type, content, sent_at }) => {
      return [id, seq, count, sender_id, 0, client_msg_id, type, JSON.stringify(content), sent_at];
    });
    const columns = 'conversation_id, seq, count, sender_id, sync_seq, client_msg_id, type, content, sent_at';
    await this.#query(`INSERT INTO message (${columns}) VALUES ?`, [rows]);
    const end = messages.at(-1);
    await this.#query('UPDATE conversation SET last_seq = ?, count = ?, last_at = ? WHERE id = ?', [
      end.seq,
      end.count,
      end.sent_at,
      id,
    ]);
    for (const userId of userIds) {
      const missing = messages.filter(each => each.missing.includes(userId));
      await this.#read(id, userId, last, messages, missing.at(0)?.seq);
      if (missing.length > 0) await this.#deliver(id, userId, runsOf(missing.map(each => each.seq)));
    }
  }

  /** Who had read everything so far has read what comes before the first message they have not got. */
  async #read(id, userId, last, messages, firstMissing = Infinity) {
    const read = messages.findLast(each => each.seq < firstMissing);
    if (!read) return;
    await this.#query(
      'UPDATE conversation_member SET read_seq = ?, read_count = ? WHERE conversation_id = ? AND user_id = ? AND read_seq >= ?',
      [read.seq, read.count, id, userId, last],
    );
  }

  /** Puts messages into the stream of somebody who has not got them. */
  async #deliver(id, userId, runs) {
    const [inbox] = await this.#query('SELECT last_seq FROM user_inbox WHERE user_id = ? FOR UPDATE', [userId]);
    const now = new Date();
    const rows = runs.map(([from, to], index) => [
      userId,
      inbox.last_seq + 1 + index,
      'message.new',
      id,
      from,
      to,
      now,
    ]);
    const columns = 'receiver_id, sync_seq, type, conversation_id, from_seq, to_seq, created_at';
    await this.#query(`INSERT INTO push_history (${columns}) VALUES ?`, [rows]);
    await this.#query('UPDATE user_inbox SET last_seq = last_seq + ? WHERE user_id = ?', [runs.length, userId]);
    this.#count('stream entries', runs.length, runs.length);
  }

  #count(kind, read, written) {
    const sum = this.report.get(kind) ?? { read: 0, written: 0 };
    this.report.set(kind, { read: sum.read + read, written: sum.written + written });
  }

  async #query(sql, values = []) {
    const [result] = await this.connection.query(sql, values);
    return result;
  }
}

/** Numbers in ascending order as runs without a gap. @param {number[]} seqs @returns {[number, number][]} */
function runsOf(seqs) {
  const runs = [];
  for (const seq of seqs) {
    const run = runs.at(-1);
    if (run?.[1] === seq - 1) run[1] = seq;
    else runs.push([seq, seq]);
  }
  return runs;
}
