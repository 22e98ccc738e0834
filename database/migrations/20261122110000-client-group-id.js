'use strict';

/*
 * By which id of their own the creator of a group knows it, so that making it again finds it. The version before makes groups
 * without one.
 */
module.exports = {
  async up({ sequelize }) {
    await sequelize.query(
      `ALTER TABLE chat_group ADD creator_id BIGINT UNSIGNED NULL,
        ADD client_group_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
        ADD UNIQUE KEY chat_group_client_id (creator_id, client_group_id)`,
    );
  },

  async down({ sequelize }) {
    await sequelize.query(
      'ALTER TABLE chat_group DROP KEY chat_group_client_id, DROP COLUMN client_group_id, DROP COLUMN creator_id',
    );
  },
};
