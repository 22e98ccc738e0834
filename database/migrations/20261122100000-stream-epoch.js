'use strict';

const { randomUUID } = require('node:crypto');

/*
 * One row: which history the streams are part of. It is renewed when the database is set back to an older state, so that
 * devices know that their places are of another history. Nodes of the version before do not look at it.
 */
module.exports = {
  async up({ sequelize }) {
    await sequelize.query(
      `CREATE TABLE stream_epoch (
        id TINYINT UNSIGNED NOT NULL PRIMARY KEY,
        epoch CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
      ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci`,
    );
    // Made here and not by UUID(), which a replica would answer otherwise.
    await sequelize.query('INSERT INTO stream_epoch (id, epoch) VALUES (1, :epoch)', {
      replacements: { epoch: randomUUID() },
    });
  },

  async down({ sequelize }) {
    await sequelize.query('DROP TABLE stream_epoch');
  },
};
