'use strict';

/*
 * Users who have deleted their account: the row of one stays, without a profile, because messages in groups name it; what else is
 * left of them is taken away in portions. The version before shows them with an empty name, and nobody logs in to them there.
 */
module.exports = {
  async up({ sequelize }) {
    await sequelize.query('ALTER TABLE user ADD deleted_at DATETIME(3) NULL');
    await sequelize.query('ALTER TABLE block ADD KEY block_blocked (blocked_id)');
    await sequelize.query(
      `CREATE TABLE deleted_user (
        user_id BIGINT UNSIGNED NOT NULL PRIMARY KEY,
        app VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        deleted_at DATETIME(3) NOT NULL,
        done_at DATETIME(3) NULL
      ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci`,
    );
  },

  async down({ sequelize }) {
    await sequelize.query('DROP TABLE deleted_user');
    await sequelize.query('ALTER TABLE block DROP KEY block_blocked');
    await sequelize.query('ALTER TABLE user DROP COLUMN deleted_at');
  },
};
