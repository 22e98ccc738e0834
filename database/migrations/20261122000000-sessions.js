'use strict';

/*
 * The refresh token before the one that is good, and when it was changed for that: the change may be repeated for a while. The
 * version before goes on working: both are nullable, and it leaves them alone.
 */
module.exports = {
  async up({ sequelize }) {
    const id = 'CHAR(22) CHARACTER SET ascii COLLATE ascii_bin NULL';
    await sequelize.query(`ALTER TABLE device ADD previous_refresh_id ${id}, ADD refreshed_at DATETIME(3) NULL`);
  },

  async down({ sequelize }) {
    await sequelize.query('ALTER TABLE device DROP COLUMN previous_refresh_id, DROP COLUMN refreshed_at');
  },
};
