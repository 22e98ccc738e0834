'use strict';

/*
 * Who has written in a single conversation: a stranger may be sent so many messages, until they answer. In conversations that are
 * there already everybody counts as having answered; no row is written for it. The version before does not tell who writes.
 */
module.exports = {
  async up({ sequelize }) {
    await sequelize.query('ALTER TABLE conversation_member ADD has_written TINYINT(1) NOT NULL DEFAULT 1');
    await sequelize.query('ALTER TABLE conversation_member ALTER has_written SET DEFAULT 0');
  },

  async down({ sequelize }) {
    await sequelize.query('ALTER TABLE conversation_member DROP COLUMN has_written');
  },
};
