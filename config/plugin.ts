import type { EggPlugin } from 'egg';

const plugin: EggPlugin = {
  io: { enable: true, package: 'egg-socket.io' },
  sequelize: { enable: true, package: 'egg-sequelize' },
  redis: { enable: true, package: 'egg-redis' },
  cors: { enable: true, package: 'egg-cors' },
};

export default plugin;
