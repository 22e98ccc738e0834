const { settings } = require('../config/settings');

const { host, port, user, password, name } = settings.database;

/** sequelize-cli connects as the service does, whatever NODE_ENV says. */
module.exports = {
  dialect: 'mysql',
  host,
  port,
  username: user,
  password,
  database: name,
  timezone: '+00:00',
  logging: false,
};
