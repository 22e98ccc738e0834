import { join, resolve } from 'node:path';
import { accounts } from './accounts';
import { limitNames, limits, socketNames } from './limits';
import { media, mediaMaxNames } from './media';
import { queues } from './queues';
import { originsIn, sites } from './sites';
import { protocols, protocolsIn, zoneIn } from './protocols';

/**
 * Every setting of the service, each an environment variable. This is the only file that reads the environment;
 * docs/configuration.md is written from the table below.
 */
export interface Setting {
  readonly value: string;
  readonly about: string;
}

export const table = {
  PORT: { value: '7001', about: 'port of HTTP and Socket.IO' },
  HOST: {
    value: '',
    about: 'address to listen on; empty: all, and 127.0.0.1 for `npm run dev`. `npm start` (sticky) listens on all',
  },
  IM_REQUEST_TIMEOUT: {
    value: '900',
    about:
      'seconds in which a request has to arrive, its body included: those of the largest upload on the slowest line',
  },
  IM_LOG_MAX_BYTES: {
    value: '10485760',
    about: 'size at which a file of the log is put aside, looked at once a minute; of each the last five are kept',
  },
  DATABASE_URL: {
    value: 'mysql://root@127.0.0.1:3306/egg_im',
    about: 'MySQL ≥ 8.0 or MariaDB ≥ 10.6: `mysql://user:password@host:port/database`',
  },
  DATABASE_POOL: {
    value: '8',
    about:
      'connections of each worker for Sequelize, and as many for streams; the writer has one for each commit queue besides',
  },
  REDIS_URL: { value: 'redis://127.0.0.1:6379/0', about: 'Redis ≥ 6: `redis://:password@host:port/db`' },
  ...accounts,
  ...sites,
  IM_TEXT_MAX_BYTES: { value: '8192', about: 'longest text of a message, in bytes of UTF-8' },
  IM_CONTENT_MAX_BYTES: {
    value: '16384',
    about: 'largest content of other types, in bytes of JSON (text has its own limit)',
  },
  IM_EXTRA_MAX_BYTES: { value: '4096', about: 'largest `extra`, in bytes of JSON' },
  IM_PACKET_MAX_BYTES: {
    value: '262144',
    about:
      'largest event and REST body; a larger event is refused, and one of more than twice the size closes the connection',
  },
  IM_PAGE_BYTES: {
    value: '1048576',
    about: 'bytes of JSON after which a page of a stream, of history or of a list ends, whatever its `limit`',
  },
  IM_MERGED_MAX_BYTES: {
    value: '65536',
    about: 'largest content of messages that are forwarded as one, in bytes of JSON',
  },
  IM_SINGLE_POLICY: {
    value: 'anyone',
    about: 'who may write to whom: `anyone`, or `friends` only (groups are not concerned)',
  },
  IM_RECALL_SECONDS: { value: '120', about: 'seconds a sender may take a message back' },
  IM_EDIT_SECONDS: { value: '900', about: 'seconds a sender may edit a text' },
  IM_REQUEST_DAYS: { value: '7', about: 'days a friend request, a request to join or an invitation can be answered' },
  IM_RETENTION_DAYS: { value: '0', about: 'days messages, and media that only they use, are kept; 0: for ever' },
  IM_ACCOUNT_DAYS: { value: '30', about: 'days after which others may take the account name of a deleted user' },
  IM_UNUSED_MEDIA_DAYS: {
    value: '7',
    about: 'days media are kept that no message, profile or group has ever used; 0: as long as others',
  },
  IM_SYNC_DAYS: {
    value: '30',
    about: [
      'days stream entries are kept for a device that has not acknowledged them, but no longer than messages',
      'those that every device has, a day',
    ].join('; '),
  },
  IM_ADMIN_TOKEN: {
    value: '',
    about:
      'credential of `POST /notices`, `systemadmin` and closed registration; at least 32 characters; empty: nobody has it',
  },
  IM_SEARCH_ROWS: {
    value: '100000',
    about: 'most messages that one call of a search looks at; the rest are for the next page',
  },
  ...media,
  IM_GROUP_MAX_MEMBERS: { value: '2000', about: 'most members of a group' },
  IM_GROUP_MAX_ADMINS: { value: '20', about: 'most admins of a group beside its owner' },
  IM_GROUP_MAX_REQUESTS: { value: '1000', about: 'requests to join a group that may wait, and as many invitations' },
  IM_PROXIES: {
    value: '0',
    about:
      'reverse proxies before the service, each of which adds its peer to `X-Forwarded-For`; 0: it is not looked at',
  },
  ...queues,
  ...limits,
  ...protocols,
  IM_HEAD_INTERVAL: {
    value: '10',
    about: 'seconds between two looks for streams that moved without a push (at most 30)',
  },
} as const satisfies Record<string, Setting>;

type Name = keyof typeof table;

/** Compiled, this file is a level deeper, in dist/, which the next build empties: what has to last stays out of it. */
const checkout = join(__dirname, __filename.endsWith('.ts') ? '..' : '../..');

const text = (name: Name): string => process.env[name] || table[name].value;

function integer(name: Name, min: number, max = Number.MAX_SAFE_INTEGER): number {
  const value = Number(text(name));
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new Error(`${name}=${text(name)}: a whole number from ${min} to ${max} is needed`);
  }
  return value;
}

/** How much there may be of each of these. */
function bounds<K extends string>(names: Readonly<Record<K, Name>>, min = 0): Record<K, number> {
  const entries = Object.entries<Name>(names).map(([kind, name]) => [kind, integer(name, min)]);
  return Object.fromEntries(entries) as Record<K, number>;
}

/** A credential, or none. */
function secret(name: Name): string {
  if (text(name) && text(name).length < 32) throw new Error(`${name}: at least 32 characters are needed`);
  return text(name);
}

function oneOf<T extends string>(name: Name, values: readonly T[]): T {
  const value = values.find(each => each === text(name));
  if (!value) throw new Error(`${name}=${text(name)}: one of ${values.join(', ')} is needed`);
  return value;
}

function url(name: Name, protocol: string): URL {
  const parsed = URL.canParse(text(name)) ? new URL(text(name)) : undefined;
  if (parsed?.protocol !== protocol) throw new Error(`${name}: a URL that begins with ${protocol}// is needed`);
  return parsed;
}

function database() {
  const { hostname, port, username, password, pathname } = url('DATABASE_URL', 'mysql:');
  return {
    host: hostname,
    port: Number(port || 3306),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    name: pathname.slice(1),
    pool: integer('DATABASE_POOL', 1),
  };
}

function redis() {
  const { hostname, port, username, password, pathname } = url('REDIS_URL', 'redis:');
  return {
    host: hostname,
    port: Number(port || 6379),
    username: decodeURIComponent(username) || undefined,
    password: decodeURIComponent(password),
    db: Number(pathname.slice(1) || 0),
  };
}

function storage() {
  const type = oneOf('IM_MEDIA_STORAGE', ['local', 's3']);
  if (type === 'local') return { type };
  if (!text('IM_S3_BUCKET')) throw new Error('IM_S3_BUCKET is needed');
  return {
    type,
    endpoint: text('IM_S3_ENDPOINT'),
    region: text('IM_S3_REGION'),
    bucket: text('IM_S3_BUCKET'),
    accessKeyId: text('IM_S3_ACCESS_KEY_ID'),
    secretAccessKey: text('IM_S3_SECRET_ACCESS_KEY'),
  };
}

export const settings = {
  port: integer('PORT', 0, 65535),
  host: text('HOST'),
  logMaxBytes: integer('IM_LOG_MAX_BYTES', 65536),
  requestTimeoutMs: integer('IM_REQUEST_TIMEOUT', 1) * 1000,
  database: database(),
  redis: redis(),
  proxies: integer('IM_PROXIES', 0, 10),
  corsOrigins: text('IM_CORS_ORIGINS').split(',').filter(Boolean),
  /** What the code reads as `app.config.im`. */
  im: {
    embedOrigins: originsIn(text('IM_EMBED_ORIGINS')),
    /** Services that share a Redis are told apart by their MySQL database. */
    redisPrefix: `egg-im:${database().name}`,
    jwtSecret: text('IM_JWT_SECRET'),
    accessTtl: integer('IM_ACCESS_TTL', 1),
    refreshTtl: integer('IM_REFRESH_TTL', 1),
    tenants: text('IM_TENANTS').split(',').filter(Boolean),
    registration: oneOf('IM_REGISTRATION', ['open', 'closed']),
    devicePolicy: oneOf('IM_DEVICE_POLICY', ['multi', 'platform', 'single']),
    textMaxBytes: integer('IM_TEXT_MAX_BYTES', 1, 1 << 20),
    contentMaxBytes: integer('IM_CONTENT_MAX_BYTES', 1, 1 << 20),
    extraMaxBytes: integer('IM_EXTRA_MAX_BYTES', 1, 65535),
    packetMaxBytes: integer('IM_PACKET_MAX_BYTES', 1024),
    pageBytes: integer('IM_PAGE_BYTES', 1024),
    mergedMaxBytes: integer('IM_MERGED_MAX_BYTES', 1, 1 << 20),
    singlePolicy: oneOf('IM_SINGLE_POLICY', ['anyone', 'friends']),
    unanswered: integer('IM_LIMIT_UNANSWERED', 0),
    recallSeconds: integer('IM_RECALL_SECONDS', 0),
    editSeconds: integer('IM_EDIT_SECONDS', 0),
    requestDays: integer('IM_REQUEST_DAYS', 1),
    retentionDays: integer('IM_RETENTION_DAYS', 0),
    accountDays: integer('IM_ACCOUNT_DAYS', 0),
    unusedMediaDays: integer('IM_UNUSED_MEDIA_DAYS', 0),
    syncDays: integer('IM_SYNC_DAYS', 1),
    adminToken: secret('IM_ADMIN_TOKEN'),
    searchRows: integer('IM_SEARCH_ROWS', 1),
    mediaUrlSeconds: integer('IM_MEDIA_URL_SECONDS', 2),
    foreignMedia: oneOf('IM_FOREIGN_MEDIA', ['off', 'on']) === 'on',
    mediaDir: resolve(checkout, text('IM_MEDIA_DIR')),
    storage: storage(),
    mediaMaxBytes: bounds(mediaMaxNames, 1),
    mediaPixels: integer('IM_MEDIA_PIXELS', 1),
    mediaUnfinished: { uploads: integer('IM_MEDIA_UNFINISHED', 0), bytes: integer('IM_MEDIA_UNFINISHED_BYTES', 0) },
    groupMaxMembers: integer('IM_GROUP_MAX_MEMBERS', 2),
    groupMaxAdmins: integer('IM_GROUP_MAX_ADMINS', 0),
    groupMaxRequests: integer('IM_GROUP_MAX_REQUESTS', 1),
    commitQueues: integer('IM_COMMIT_QUEUES', 1, 64),
    queueMax: integer('IM_QUEUE_MAX', 1),
    queueShare: integer('IM_QUEUE_SHARE', 1),
    inputBytes: integer('IM_INPUT_BYTES', 0),
    bufferBytes: integer('IM_BUFFER_BYTES', 1 << 20),
    socketBufferBytes: integer('IM_SOCKET_BUFFER_BYTES', 65536),
    /** How many of each kind of app/schema/limits.ts there may be in its time. */
    limits: bounds(limitNames),
    /** Connections to one worker. */
    sockets: bounds(socketNames),
    protocols: protocolsIn(text('IM_PROTOCOLS')),
    displayZone: zoneIn(text('IM_DISPLAY_ZONE')),
    headIntervalMs: integer('IM_HEAD_INTERVAL', 1, 30) * 1000,
  },
};

export type ImConfig = typeof settings.im;
