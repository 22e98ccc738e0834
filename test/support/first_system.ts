import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { createConnection, type Connection } from 'mysql2/promise';
import { settings } from '../../config/settings';

const run = promisify(execFile);

const id = 'id CHAR(36) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL PRIMARY KEY';
const times = 'createdAt DATETIME NOT NULL, updatedAt DATETIME NOT NULL';
/** As the migrations of that system made them. */
const tables = [
  `CREATE TABLE user (${id}, description VARCHAR(255), lastReceivedAt DATETIME, name VARCHAR(128) NOT NULL, password VARCHAR(255),
    phone VARCHAR(64) NOT NULL, portrait VARCHAR(255), pushId VARCHAR(255), gender TINYINT, token VARCHAR(191), ${times})`,
  `CREATE TABLE user_follow (${id}, originId CHAR(36), targetId CHAR(36), alias VARCHAR(128), ${times})`,
  `CREATE TABLE \`group\` (${id}, description VARCHAR(255), name VARCHAR(128), ownerId CHAR(36), picture VARCHAR(255), ${times})`,
  `CREATE TABLE group_member (${id}, alias VARCHAR(128), notifyLevel TINYINT, permissionType TINYINT,
    userId CHAR(36), groupId CHAR(36), ${times})`,
  `CREATE TABLE message (${id}, attach VARCHAR(255), content TEXT NOT NULL,
    groupId CHAR(36), receiverId CHAR(36), senderId CHAR(36), type TINYINT, ${times})`,
  `CREATE TABLE push_history (${id}, arrivalAt DATETIME, entity BLOB, entityType INT,
    receiverId CHAR(36), receiverPushId VARCHAR(255), senderId CHAR(36), ${times})`,
];

/** A time of that system, so many seconds after the beginning of 2020 in China. */
export const at = (second: number) =>
  new Date(Date.UTC(2020, 0, 1) + second * 1000).toISOString().slice(0, 19).replace('T', ' ');

const urlOf = (name: string) => {
  const { host, port, user, password } = settings.database;
  return `mysql://${user}:${password}@${host}:${port}/${name}`;
};

/** A database of the first system of this kind, beside that of the service. */
export class FirstSystem {
  private constructor(
    private readonly connection: Connection,
    private readonly name: string,
  ) {}

  static async create(): Promise<FirstSystem> {
    const name = `egg_im_first_${randomUUID().slice(0, 8)}`;
    const connection = await createConnection({ uri: urlOf('') });
    await connection.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
    await connection.query(`USE ${name}`);
    for (const table of tables) await connection.query(`${table} DEFAULT CHARSET=utf8mb4`);
    return new FirstSystem(connection, name);
  }

  async insert(table: string, rows: readonly object[]): Promise<void> {
    for (let from = 0; from < rows.length; from += 1000) {
      const part = rows.slice(from, from + 1000);
      const all = part.map(row => ({ id: randomUUID(), createdAt: at(0), updatedAt: at(0), ...row }));
      const columns = Object.keys(all[0]);
      const values = all.map(row => columns.map(column => row[column as 'id']));
      await this.connection.query(`INSERT INTO \`${table}\` (${columns.join()}) VALUES ?`, [values]);
    }
  }

  /** A user with this id. */
  async user(id: string = randomUUID()): Promise<{ readonly id: string; readonly phone: string }> {
    const phone = `1${BigInt(`0x${randomUUID().replaceAll('-', '')}`)
      .toString()
      .slice(0, 15)}`;
    await this.insert('user', [{ id, phone, name: 'Pat' }]);
    return { id, phone };
  }

  async clear(...emptied: readonly string[]): Promise<void> {
    for (const table of emptied) await this.connection.query(`DELETE FROM \`${table}\``);
  }

  /** Imports it; resolves with the report. */
  async import(...options: readonly string[]): Promise<string> {
    const env = { ...process.env, DATABASE_URL: urlOf(settings.database.name) };
    return (await run('node', ['scripts/import.mjs', urlOf(this.name), ...options], { env })).stdout;
  }

  /** What is said to an import that is refused. */
  async refusal(...options: readonly string[]): Promise<string> {
    const failed: unknown = await this.import(...options).catch((error: unknown) => error);
    assert.ok(failed instanceof Error && 'stderr' in failed, 'it was not refused');
    return String(failed.stderr);
  }

  async drop(): Promise<void> {
    await this.connection.query(`DROP DATABASE ${this.name}`);
    await this.connection.end();
  }
}
