import type { Context, EggAppInfo } from 'egg';
import Redis from 'ioredis';
import { limitStatements } from '../app/lib/database';
import { settings } from './settings';

/** What Access-Control-Allow-Origin says to the page that asks; nothing to one that is not allowed. */
function allowedOrigin(ctx: Context): string {
  const origin = ctx.get('origin');
  return ['*', origin].some(each => settings.corsOrigins.includes(each)) ? origin : '';
}

export default (appInfo: EggAppInfo) => {
  const { database, redis, corsOrigins, im } = settings;

  return {
    // Egg signs its own cookies with this; the service sets none.
    keys: `${appInfo.name}_${im.jwtSecret}`,
    cluster: { listen: { port: settings.port, hostname: settings.host } },
    // Every call carries its token in a header, so a foreign page has nothing to ride on.
    security: { csrf: { enable: false } },
    cors: { origin: allowedOrigin, allowMethods: 'GET,POST,PATCH,DELETE' },
    bodyParser: { jsonLimit: im.packetMaxBytes, enableTypes: ['json'] },
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
      pool: { max: database.pool, acquire: 4000 },
      dialectOptions: { connectTimeout: 4000 },
      hooks: { afterConnect: limitStatements },
      logging: false,
      benchmark: false,
    },
    redis: {
      Redis,
      client: {
        ...redis,
        keyPrefix: '',
        weakDependent: true,
        // A push that can not be published now is worth nothing later: the devices pull.
        enableOfflineQueue: false,
        maxRetriesPerRequest: 0,
        connectTimeout: 4000,
        // A server that hangs is a server that is gone.
        socketTimeout: 4000,
        retryStrategy: (times: number) => Math.min(times * 100, 2000),
      },
    },
    io: {
      init: {
        allowEIO3: true,
        cors: { origin: corsOrigins.includes('*') ? '*' : [...corsOrigins] },
        maxHttpBufferSize: im.packetMaxBytes,
        perMessageDeflate: false,
        pingInterval: 25000,
        pingTimeout: 20000,
      },
    },
    im,
  };
};
