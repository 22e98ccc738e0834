'use strict';

/*
 * The index by which a user's conversations are found holds what their list is put in order by beside the conversation itself, so
 * that no row of a member is read for one that is not on the page. It changes when a member comes or goes, pins or hides: never
 * with a message. It keeps its name, and the version before finds by it what it found before.
 */
const keyOf = columns =>
  `ALTER TABLE conversation_member DROP KEY conversation_member_user, ADD KEY conversation_member_user (${columns})`;

module.exports = {
  async up({ sequelize }) {
    await sequelize.query(keyOf('user_id, conversation_id, hidden_seq, pinned_at'));
  },

  async down({ sequelize }) {
    await sequelize.query(keyOf('user_id'));
  },
};
