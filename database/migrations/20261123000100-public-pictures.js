'use strict';

/*
 * The pictures of users and groups are read without a signature. Whatever else was uploaded is read by those who have got a
 * message that shows it.
 */
const pictures = [
  ['user', 'avatar'],
  ['user', 'background'],
  ['chat_group', 'avatar'],
];

module.exports = {
  async up({ sequelize }) {
    for (const [table, column] of pictures) {
      const id = `SUBSTRING(${column}, LOCATE('/media/', ${column}) + 7, 22)`;
      // Of the character set of the id, so that each is looked up by the primary key.
      const ids = `SELECT DISTINCT CONVERT(${id} USING ascii) COLLATE ascii_bin AS id FROM ${table} WHERE ${column} LIKE '%/media/%'`;
      await sequelize.query(`UPDATE media JOIN (${ids}) shown USING (id) SET is_public = 1`);
    }
  },

  // The column goes with the migration before.
  async down() {},
};
