/** The accounts that `npm run dev` makes: people to log in as on the first page. Never seeded in production. */
module.exports = {
  password: 'egg-im-demo',
  accounts: [
    { account: 'alice', name: 'Alice' },
    { account: 'bob', name: 'Bob' },
    { account: 'carol', name: 'Carol' },
  ],
  group: 'Tea room',
};
