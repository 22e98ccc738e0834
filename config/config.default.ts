import type { Context, EggAppInfo } from 'egg';
import Redis from 'ioredis';
import { join } from 'node:path';
import { settings } from './settings';

/** What Access-Control-Allow-Origin says to the page that asks; nothing to one that is not allowed. */
function allowedOrigin(ctx: Context): string {
  const origin = ctx.get('origin');
  return ['*', origin].some(each => settings.corsOrigins.includes(each)) ? origin : '';
}

/** How the connection of a client ends that has gone, or sends what is no HTTP, in the middle of a request. */
const BROKEN_OFF = /^(ECONNRESET|EPIPE|HPE_\w+|ERR_HTTP_REQUEST_TIMEOUT)$/;

/** Headers of answers that pages of other origins may read: those of uploads in parts among them. */
const EXPOSED = 'Retry-After,Location,Tus-Resumable,Upload-Expires,Upload-Length,Upload-Metadata,Upload-Offset';

/** Redis may be away: the service starts and goes on without it. */
function redisClient() {
  return {
    ...settings.redis,
    keyPrefix: '',
    weakDependent: true,
    // A push that can not be published now is worth nothing later: the devices pull.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 4000,
    // A server that hangs is a server that is gone.
    socketTimeout: 4000,
    // So is one that is too slow to answer a caller in time.
    commandTimeout: 4000,
    retryStrategy: (times: number) => Math.min(times * 100, 2000),
  };
}

/**
 * Properties of Node's server, in milliseconds. A connection on which nothing moves is cut after `timeout`, whatever it waits
 * for (an answer of Socket.IO by polling comes within `pingInterval`); one that is kept for more requests outlives
 * the 60 s for which proxies keep theirs.
 */
const httpServer = {
  headersTimeout: 20_000,
  requestTimeout: settings.requestTimeoutMs,
  keepAliveTimeout: 65_000,
  timeout: 60_000,
  // Refused in app/middleware/failure.ts, with a code.
  requireHostHeader: false,
};

/** Every file that Egg's loggers write. */
const LOGS = ['common-error.log', 'egg-im-web.log', 'egg-web.log', 'egg-agent.log', 'egg-schedule.log'];

/** Logs are rotated by size, and not by day: then they are bounded, whatever happens on a day. */
function logging(dir: string) {
  const filesRotateBySize = LOGS.map(name => join(dir, name));
  return { logger: { dir }, logrotator: { filesRotateBySize, maxFileSize: settings.logMaxBytes, maxFiles: 5 } };
}

function socketIo() {
  const { corsOrigins, im } = settings;
  return {
    allowEIO3: true,
    cors: { origin: corsOrigins.includes('*') ? '*' : [...corsOrigins] },
    // More than an event may have: one that is a little too large is answered, and not the end of the connection.
    maxHttpBufferSize: im.packetMaxBytes * 2,
    perMessageDeflate: false,
    pingInterval: 25000,
    pingTimeout: 20000,
  };
}

export default (appInfo: EggAppInfo) => {
  const { database, im } = settings;

  return {
    // Egg writes its whole configuration to run/, for everybody to read.
    dump: { ignore: new Set([/pass|secret|token|key/i]) },
    // Egg signs its own cookies with this; the service sets none.
    keys: `${appInfo.name}_${im.jwtSecret}`,
    ...logging(join(appInfo.root, 'logs', appInfo.name)),
    cluster: { listen: { port: settings.port, hostname: settings.host } },
    // Each proxy adds the address of its peer to the end of the header; what stands before those, a client may have made up.
    proxy: settings.proxies > 0,
    maxIpsCount: settings.proxies,
    ipHeaders: 'x-forwarded-for',
    // Every call carries its token in a header, so a foreign page has nothing to ride on.
    // A method that nobody serves is refused as any other that an address does not have.
    security: { csrf: { enable: false }, methodnoallow: { enable: false }, xframe: { enable: false } },
    // A request is what its method says, whatever a body or a header claims.
    overrideMethod: { enable: false },
    cors: { origin: allowedOrigin, allowMethods: 'GET,POST,PATCH,DELETE', exposeHeaders: EXPOSED },
    httpServer,
    bodyParser: { jsonLimit: im.packetMaxBytes, enableTypes: ['json'] },
    // Not for the log: an upload that breaks off, or a film nobody wants to see the end of, is no error of the service.
    onerror: { appErrorFilter: ({ code = '' }: NodeJS.ErrnoException) => !BROKEN_OFF.test(code) },
    multipart: {
      mode: 'stream',
      // One more than any: what is too large of its kind is refused with a code.
      fileSize: Math.max(...Object.values(im.mediaMaxBytes)) + 1,
      files: 1,
      // What a file is, its content says and not its name.
      whitelist: () => true,
      cleanSchedule: { disable: true },
    },
    i18n: { defaultLocale: 'en-US', writeCookie: false, queryField: 'lang' },
    sequelize: {
      dialect: 'mysql',
      host: database.host,
      port: database.port,
      username: database.user,
      password: database.password,
      database: database.name,
      timezone: '+00:00',
      isolationLevel: 'READ COMMITTED',
      define: { underscored: true, freezeTableName: true },
      pool: { max: database.pool, acquire: 4000, idle: 60_000 },
      // The driver makes room for 16,000 prepared statements with each connection.
      dialectOptions: { connectTimeout: 4000, maxPreparedStatements: 250 },
      logging: false,
      benchmark: false,
    },
    redis: { Redis, client: redisClient() },
    io: { init: socketIo() },
    im,
  };
};
