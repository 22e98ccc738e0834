'use strict';

/* What waits for an answer in a group is counted before more is asked; answered requests stay for a while, in any number. */
module.exports = {
  async up({ sequelize }) {
    await sequelize.query(
      'ALTER TABLE group_request ADD KEY group_request_waiting (group_id, status, kind, expires_at)',
    );
  },

  async down({ sequelize }) {
    await sequelize.query('ALTER TABLE group_request DROP KEY group_request_waiting');
  },
};
