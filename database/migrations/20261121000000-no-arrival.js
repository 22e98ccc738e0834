'use strict';

/*
 * When a device had an entry is not noted any more: its cursor says what it has, and the member's place what is
 * delivered. Nodes of the version before can not write acknowledgements meanwhile, which their devices repeat.
 */
module.exports = {
  async up({ sequelize }) {
    await sequelize.query('ALTER TABLE push_history DROP COLUMN arrival_at');
  },

  async down({ sequelize }) {
    await sequelize.query('ALTER TABLE push_history ADD arrival_at DATETIME(3) NULL');
  },
};
