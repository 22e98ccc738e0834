'use strict';

/*
 * What a group remembers of those who are no members any more: when they left, a mute that goes on, a ban. The version
 * before does not know of it: who leaves or is removed there is not remembered.
 */
module.exports = {
  async up({ sequelize }) {
    await sequelize.query(
      `CREATE TABLE former_member (
        group_id BIGINT UNSIGNED NOT NULL,
        user_id BIGINT UNSIGNED NOT NULL,
        joined_seq BIGINT UNSIGNED NOT NULL,
        left_at DATETIME(3) NOT NULL,
        muted_until DATETIME(3) NULL,
        banned_by BIGINT UNSIGNED NULL,
        banned_at DATETIME(3) NULL,
        PRIMARY KEY (group_id, user_id)
      ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci`,
    );
  },

  async down({ sequelize }) {
    await sequelize.query('DROP TABLE former_member');
  },
};
