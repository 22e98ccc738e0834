'use strict';

/*
 * What is uploaded more than once is stored once: a row of media_file for each content, which rows of media name. The version before
 * names none: its files are called as their medium is, and so are those that are there already.
 */
const ASCII = 'CHARACTER SET ascii COLLATE ascii_bin';

const kind = `CASE SUBSTRING_INDEX(mime, '/', 1) WHEN 'image' THEN 'image' WHEN 'video' THEN 'video' WHEN 'audio' THEN 'voice'
  ELSE 'file' END`;

module.exports = {
  async up({ sequelize }) {
    await sequelize.query(
      `CREATE TABLE media_file (
        id CHAR(64) ${ASCII} NOT NULL PRIMARY KEY, kind VARCHAR(8) ${ASCII} NOT NULL, mime VARCHAR(128) ${ASCII} NOT NULL,
        size BIGINT UNSIGNED NOT NULL, width INT UNSIGNED NULL, height INT UNSIGNED NULL, duration DOUBLE NULL,
        blurhash VARCHAR(64) ${ASCII} NULL, thumbnail_size INT UNSIGNED NULL, touched_at DATETIME(3) NULL,
        KEY media_file_touched (touched_at)
      ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci`,
    );
    await sequelize.query(`INSERT INTO media_file (id, kind, mime, size) SELECT id, ${kind}, mime, size FROM media`);
    await sequelize.query(
      `ALTER TABLE media ADD file_id CHAR(64) ${ASCII} NULL, ADD is_public TINYINT NOT NULL DEFAULT 0,
        ADD KEY media_file_id (file_id)`,
    );
    await sequelize.query('UPDATE media JOIN media_file USING (id) SET file_id = media.id');
  },

  async down({ sequelize }) {
    await sequelize.query('ALTER TABLE media DROP KEY media_file_id, DROP COLUMN file_id, DROP COLUMN is_public');
    await sequelize.query('DROP TABLE media_file');
  },
};
