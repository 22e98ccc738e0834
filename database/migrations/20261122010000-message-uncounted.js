'use strict';

/*
 * Messages that were taken out of the counts of their conversation, and the last message that was stored with a count that has
 * them in it. The version before corrects those counts itself, and reads them as they are: what the new one takes out while both
 * run is counted there as read for as long as the reader does not read on.
 */
module.exports = {
  async up({ sequelize }) {
    await sequelize.query(
      `CREATE TABLE message_uncounted (
        conversation_id BIGINT UNSIGNED NOT NULL,
        until_seq BIGINT UNSIGNED NOT NULL,
        seq BIGINT UNSIGNED NOT NULL,
        PRIMARY KEY (conversation_id, until_seq, seq)
      ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci`,
    );
  },

  async down({ sequelize }) {
    await sequelize.query('DROP TABLE message_uncounted');
  },
};
