import type { Account } from './accounts';
import { AppError } from '../../schema/errors';
import type { ConnectionSession } from '../database/connection';
import type { Database } from '../database/pool';
import { retrying } from '../database/retry';
import { mediaIdsIn } from '../media/names';
import { CommitQueue, upTo } from '../queue/commit_queue';
import { literal, select, tuples, upsert } from '../database/statement';
import type { Actor } from './actor';

/** How many devices of a user may have a session: any number, one of each platform, or one. */
export type DevicePolicy = 'multi' | 'platform' | 'single';

/** A user as whoever begins or keeps a session has just shown the password of. */
export interface Known {
  readonly id: number;
  readonly passwordHash: string;
}

/** What a session is known by: its own id, and that of the refresh token that goes on with it. */
export interface SessionIds {
  readonly sessionId: string;
  readonly refreshId: string;
}

interface Begun extends SessionIds {
  readonly deviceId: string;
  readonly platform: string;
}

/** A device whose session can go on. */
export interface LivingDevice {
  readonly deviceId: string;
  readonly platform: string;
  readonly lastSeenAt: Date;
}

/** Seconds in which a refresh may be repeated, because its answer was lost. */
const REPEAT_S = 60;

/** Looks at sessions that may wait, and of these those of one user, who may come with a thousand connections. */
const LOOKS = { limit: 5000, share: 100 };
/** Looks of one statement: all devices come back at once when a node has stopped. */
const LOOKS_AT_ONCE = 200;

/** A profile that shows nothing, of somebody to whom nobody writes. */
const BLANK = `name = '', phone = NULL, avatar = NULL, gender = NULL, signature = NULL, background = NULL, hide_presence = 1,
  allow_groups = 'nobody', allow_messages = 'nobody', allow_phone = 'nobody', allow_presence = 'nobody'`;

const END = 'session_id = NULL, refresh_id = NULL';

/** The sessions of devices: the row of a device names the one that lives. Throws UNAVAILABLE. Index: device PRIMARY. */
export class Sessions {
  private readonly looks = new CommitQueue<Actor, string | undefined>({
    ...LOOKS,
    commit: actors => this.look(actors),
    batch: upTo(LOOKS_AT_ONCE),
    ownerOf: actor => actor.userId,
  });

  /** @param refreshTtl seconds after which a device that was not seen can not go on with its session */
  constructor(
    private readonly database: Database,
    private readonly refreshTtl: number,
  ) {}

  /** Devices of a user with a session that can go on, behind an id and in order of it. */
  async list(userId: number, after: string, limit: number): Promise<LivingDevice[]> {
    const rows = await this.database.select(
      select(
        'device',
        ['device_id', 'platform', 'last_seen_at'],
        `WHERE user_id = ${userId} AND device_id > ${literal(after)} AND session_id IS NOT NULL
        AND last_seen_at > UTC_TIMESTAMP(3) - INTERVAL ${this.refreshTtl} SECOND ORDER BY device_id LIMIT ${limit}`,
      ),
    );
    return rows.map(row => ({ deviceId: row.device_id, platform: row.platform, lastSeenAt: row.last_seen_at }));
  }

  /** The platform of the device whose session it is; undefined when the session has ended. Throws BUSY. */
  platformOf(actor: Actor): Promise<string | undefined> {
    return this.looks.submit(actor);
  }

  private async look(actors: readonly Actor[]): Promise<(string | undefined)[]> {
    const columns = ['user_id', 'device_id', 'session_id', 'platform'] as const;
    const keys = tuples(actors.map(({ userId, deviceId }) => [userId, deviceId]));
    const rows = await this.database.select(select('device', columns, `WHERE (user_id, device_id) IN (${keys})`));
    const platforms = new Map(rows.map(row => [`${row.user_id} ${row.device_id} ${row.session_id}`, row.platform]));
    return actors.map(({ userId, deviceId, sessionId }) => platforms.get(`${userId} ${deviceId} ${sessionId}`));
  }

  /**
   * Begins a session; by policy those of other devices, and always the one that this device had, end. Returns the ids of
   * those. Throws WRONG_CREDENTIALS when the password has changed meanwhile.
   */
  open(user: Known, begun: Begun, policy: DevicePolicy): Promise<string[]> {
    const { deviceId, platform, sessionId, refreshId } = begun;
    const same = `device_id = ${literal(deviceId)}`;
    const ending = { multi: same, platform: `(${same} OR platform = ${literal(platform)})`, single: 'TRUE' }[policy];
    const values = [deviceId, platform, sessionId, refreshId].map(literal).join();
    const row = `(${user.id},${values},NULL,UTC_TIMESTAMP(3),UTC_TIMESTAMP(3))`;
    const columns = ['platform', 'session_id', 'refresh_id', 'previous_refresh_id', 'last_seen_at'];
    const update = columns.map(column => `${column} = VALUES(${column})`).join();
    return this.transact(async session => {
      const ended = await lock(session, user, ending);
      const names = `user_id, device_id, ${columns.join(', ')}, created_at`;
      await session.commit([endAll(user.id, ending), upsert('device', names, [row], update)]);
      return ended;
    });
  }

  /**
   * Changes the refresh token of a session for `next`. Returns the id of the token that goes on with it: `next`, or the one that the same
   * change gave less than a minute ago, as its answer may be lost. Undefined when the token is not to be had any more.
   */
  async refresh({ userId, deviceId, sessionId }: Actor, refreshId: string, next: string): Promise<string | undefined> {
    const used = literal(refreshId);
    const where = `WHERE user_id = ${userId} AND device_id = ${literal(deviceId)} AND session_id = ${literal(sessionId)}`;
    const now = 'UTC_TIMESTAMP(3)';
    const [, rows] = await this.database.query([
      `UPDATE device SET refresh_id = ${literal(next)}, previous_refresh_id = ${used}, refreshed_at = ${now}, last_seen_at = ${now}
      ${where} AND refresh_id = ${used}`,
      select(
        'device',
        ['refresh_id'],
        `${where} AND previous_refresh_id = ${used} AND refreshed_at > ${now} - INTERVAL ${REPEAT_S} SECOND`,
      ),
    ]);
    return rows.at(0)?.refresh_id ?? undefined;
  }

  /** Ends one session of a user, or that of a device. Returns its id, if it lived. */
  end(userId: number, which: { readonly sessionId: string } | { readonly deviceId: string }): Promise<string[]> {
    const is =
      'sessionId' in which ? `session_id = ${literal(which.sessionId)}` : `device_id = ${literal(which.deviceId)}`;
    return this.transact(async session => {
      const [rows] = await session.query([livingOf(userId, is)]);
      await session.commit([endAll(userId, is)]);
      return idsOf(rows);
    });
  }

  /**
   * Sets a new password and ends all sessions; that of the actor's device goes on under other ids, so that no copy of its tokens
   * does. Returns the ids of those that have ended. Throws WRONG_CREDENTIALS when the password has changed meanwhile, and
   * SESSION_CLOSED.
   */
  replacePassword(user: Known, actor: Actor, passwordHash: string, next: SessionIds): Promise<string[]> {
    return this.transact(async session => {
      const ended = await lock(session, user, 'TRUE');
      if (!ended.includes(actor.sessionId)) throw new AppError('SESSION_CLOSED');
      await session.commit([
        // Index: user PRIMARY.
        `UPDATE user SET password_hash = ${literal(passwordHash)}, updated_at = UTC_TIMESTAMP(3) WHERE id = ${user.id}`,
        endAll(user.id, 'TRUE'),
        `UPDATE device SET session_id = ${literal(next.sessionId)}, refresh_id = ${literal(next.refreshId)}
        WHERE user_id = ${user.id} AND device_id = ${literal(actor.deviceId)}`,
      ]);
      return ended;
    });
  }

  /**
   * Ends an account: nothing is left of its profile and its devices, and nobody knows the password of that hash. Returns the ids of the
   * sessions that have ended. Throws WRONG_CREDENTIALS when the password has changed meanwhile.
   */
  destroy(user: Account, passwordHash: string): Promise<string[]> {
    return this.transact(async session => {
      const ended = await lock(session, user, 'TRUE');
      await session.commit([
        // Index: user PRIMARY.
        `UPDATE user SET password_hash = ${literal(passwordHash)}, ${BLANK}, card_version = card_version + 1,
          deleted_at = UTC_TIMESTAMP(3), updated_at = UTC_TIMESTAMP(3) WHERE id = ${user.id}`,
        `DELETE FROM device WHERE user_id = ${user.id}`,
        ...unpublish(user),
        `INSERT INTO deleted_user (user_id, app, deleted_at) VALUES (${user.id}, ${literal(user.app)}, UTC_TIMESTAMP(3))`,
      ]);
      return ended;
    });
  }

  private transact<T>(work: (session: ConnectionSession) => Promise<T>): Promise<T> {
    return retrying(() => this.database.begin(work));
  }
}

/**
 * Logins of one user, and changes of the password, wait for each other: each has to see the sessions that it ends. Returns the ids
 * of these. Index: user PRIMARY.
 */
async function lock(session: ConnectionSession, { id, passwordHash }: Known, ending: string): Promise<string[]> {
  const [users, devices] = await session.query([
    select('user', ['password_hash'], `WHERE id = ${id} FOR UPDATE`),
    livingOf(id, ending),
  ]);
  if (users.at(0)?.password_hash !== passwordHash) throw new AppError('WRONG_CREDENTIALS');
  return idsOf(devices);
}

function livingOf(userId: number, is: string) {
  return select('device', ['session_id'], `WHERE user_id = ${userId} AND session_id IS NOT NULL AND ${is} FOR UPDATE`);
}

/** Pictures that nobody but the user has shown. Index: media PRIMARY. */
function unpublish({ id, avatar, background }: Account): string[] {
  const ids = mediaIdsIn(avatar, background).map(literal);
  return ids.length === 0 ? [] : [`UPDATE media SET is_public = 0 WHERE id IN (${ids.join()}) AND user_id = ${id}`];
}

function idsOf(rows: readonly { readonly session_id: string | null }[]): string[] {
  return rows.flatMap(row => row.session_id ?? []);
}

function endAll(userId: number, is: string): string {
  return `UPDATE device SET ${END} WHERE user_id = ${userId} AND session_id IS NOT NULL AND ${is}`;
}
