'use strict';

/*
 * Since when a file is there that nothing has ever used. It is made of what both versions write: one that nobody has used is put
 * down as last used a day before it was uploaded. Files of the version before, of which nobody knows, count as used.
 */
const unused = 'IF(last_used_at <= created_at - INTERVAL 1 DAY, created_at, NULL)';

module.exports = {
  async up({ sequelize }) {
    await sequelize.query(
      `ALTER TABLE media ADD unused_since DATETIME(3) GENERATED ALWAYS AS (${unused}) STORED,
        ADD KEY media_unused_since (unused_since)`,
    );
  },

  async down({ sequelize }) {
    await sequelize.query('ALTER TABLE media DROP KEY media_unused_since, DROP COLUMN unused_since');
  },
};
