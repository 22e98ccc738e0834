'use strict';

/*
 * How often a user has changed their card, and the same as it was known when a message was stored. The version before goes on
 * with the defaults.
 */
const VERSION = 'INT UNSIGNED NOT NULL DEFAULT 0';

module.exports = {
  async up({ sequelize }) {
    await sequelize.query(`ALTER TABLE user ADD card_version ${VERSION}`);
    await sequelize.query(`ALTER TABLE message ADD sender_version ${VERSION}`);
  },

  async down({ sequelize }) {
    await sequelize.query('ALTER TABLE message DROP COLUMN sender_version');
    await sequelize.query('ALTER TABLE user DROP COLUMN card_version');
  },
};
