'use strict';

const { hash } = require('@node-rs/argon2');
const demo = require('../demo');

const APP = 'default';
/** Ids that the service never makes, since its own begin at the clock: the group is known by its id, whatever its name is now. */
const FIRST_USER = 1;
const GROUP = 1;

module.exports = {
  /** Makes what is missing and leaves the rest as it is. */
  async up({ sequelize }) {
    if (process.env.NODE_ENV === 'production') {
      throw new Error('The password of the demo accounts is public: they are not made in production');
    }
    await sequelize.transaction(async transaction => {
      const run = (sql, replacements) => sequelize.query(sql, { replacements, transaction });
      const members = [];
      for (const [index, person] of demo.accounts.entries()) {
        members.push((await findUser(run, person)) ?? (await createUser(run, FIRST_USER + index, person)));
      }
      const [groups] = await run('SELECT id FROM conversation WHERE id = :id', { id: GROUP });
      if (groups.length === 0) await createGroup(run, members);
    });
  },

  /** Takes nothing away: by now the accounts stand in conversations with others. */
  async down() {},
};

async function findUser(run, { account }) {
  const [[user]] = await run('SELECT id FROM user WHERE app = :app AND account = :account', { app: APP, account });
  return user?.id;
}

async function createUser(run, id, { account, name }) {
  const row = { id, app: APP, account, name, passwordHash: await hash(demo.password), at: new Date() };
  await run('INSERT INTO user_inbox (user_id) VALUES (:id)', row);
  await run(
    `INSERT INTO user (id, app, account, password_hash, name, created_at, updated_at)
    VALUES (:id, :app, :account, :passwordHash, :name, :at, :at)`,
    row,
  );
  return id;
}

async function createGroup(run, members) {
  const [ownerId] = members;
  const row = { id: GROUP, app: APP, name: demo.group, ownerId, at: new Date() };
  await run("INSERT INTO conversation (id, app, type, last_at, created_at) VALUES (:id, :app, 'group', :at, :at)", row);
  await run(
    'INSERT INTO chat_group (id, name, owner_id, created_at, updated_at) VALUES (:id, :name, :ownerId, :at, :at)',
    row,
  );
  for (const userId of members) {
    const role = userId === ownerId ? 'owner' : 'member';
    await run(
      'INSERT INTO conversation_member (conversation_id, user_id, role, joined_at) VALUES (:id, :userId, :role, :at)',
      { ...row, userId, role },
    );
  }
}
