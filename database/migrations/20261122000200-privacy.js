'use strict';

/*
 * From whom users let things be done: added to groups, written to, found by phone, seen online. All but the first is as it was
 * before; who is no friend invites to a group from now on.
 */
const columns = { groups: 'friends', messages: 'everyone', phone: 'everyone', presence: 'everyone' };
const audience = 'VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT';

module.exports = {
  async up({ sequelize }) {
    const added = Object.entries(columns).map(([name, value]) => `ADD allow_${name} ${audience} '${value}'`);
    await sequelize.query(`ALTER TABLE user ${added.join(', ')}`);
  },

  async down({ sequelize }) {
    const dropped = Object.keys(columns).map(name => `DROP COLUMN allow_${name}`);
    await sequelize.query(`ALTER TABLE user ${dropped.join(', ')}`);
  },
};
