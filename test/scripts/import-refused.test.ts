import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { FirstSystem } from '../support/first_system';
import { person } from '../support/person';
import { app } from '../support/service';

const uuid = (end: string) => `00000000-0000-4000-8000-0000${end}`;
/** Of both, found by trying millions, the same id is made here. */
const USERS = [uuid('0007a92b'), uuid('00678ca4')];
const GROUPS = [uuid('000c8546'), uuid('0038d3f2')];
/** As of what each of these and that one have written to each other. */
const FRIENDS = [uuid('0016691e'), uuid('004fc030')];
const FRIEND = 'ffffffff-ffff-4fff-8fff-ffffffffffff';

const count = (...accounts: string[]) => app.model.User.count({ where: { account: accounts } });

describe('a database that does not fit in whole', function () {
  this.timeout(60_000);
  let old: FirstSystem;

  beforeEach(async () => (old = await FirstSystem.create()));

  afterEach(() => old.drop());

  it('is refused before anything is written where two users would get one id', async () => {
    const [first, one, other] = [await old.user(), await old.user(USERS[0]), await old.user(USERS[1])];
    assert.match(
      await old.refusal(),
      new RegExp(`the users ${USERS[0]} and ${USERS[1]} .* would both have the id \\d+`),
    );
    assert.equal(await count(first.phone, one.phone, other.phone), 0);
  });

  it('is refused where two groups would get one id', async () => {
    const { id: ownerId, phone } = await old.user();
    await old.insert(
      'group',
      GROUPS.map(id => ({ id, name: 'one of two', ownerId })),
    );
    assert.match(await old.refusal(), new RegExp(`the groups ${GROUPS[0]} and ${GROUPS[1]} .* would both have the id`));
    assert.equal(await count(phone), 0);
  });

  it('is refused where two users have one account', async () => {
    const [one, other] = [randomUUID(), randomUUID()].sort();
    await old.insert('user', [
      { id: one, phone: 'Pat@example.com', name: 'Pat' },
      { id: other, phone: 'pat@example.com', name: 'Another' },
    ]);
    assert.ok((await old.refusal()).includes(`${one} and ${other} of the old database would both have the account`));
    assert.equal(await count('pat@example.com'), 0);
  });

  it('is refused where somebody here has the account of a user, who is told of', async () => {
    const { phone } = await old.user();
    const { phone: another } = await old.user();
    const { id } = await person({ account: phone });
    assert.ok((await old.refusal()).includes(`the account ${phone} of the tenant default, which a user`));
    assert.deepEqual(
      (await app.model.User.findAll({ where: { account: [phone, another] } })).map(user => String(user.id)),
      [id],
    );
  });

  it('is refused by another tenant than that which has it, and taken again by its own', async () => {
    const { phone } = await old.user();
    const { id: ownerId } = await old.user();
    await old.insert('group', [{ name: 'ours', ownerId }]);
    await old.import();
    assert.match(
      await old.refusal('--app=other'),
      /the id \d+, which a user of the old database would have, is somebody else's/,
    );
    // A user's account may be another one's after the account was deleted.
    await app.model.User.update({ account: `:${phone}` }, { where: { account: phone } });
    await person({ account: phone });
    assert.match(await old.import(), /^users: 2 read, 0 new$/m);
  });

  it('is refused where its times are read in another zone than before, which would make others of all', async () => {
    const { id: ownerId } = await old.user();
    await old.insert('group', [{ name: 'ours', ownerId }]);
    await old.import();
    assert.match(await old.refusal('--zone=+00:00'), /Another run needs the --app and the --zone of the first/);
    await old.clear('user');
    assert.match(await old.refusal('--zone=+00:00'), /the id \d+, which a group of the old database would have/);
  });

  it('names twenty of many that do not fit, and says how many more there are', async () => {
    const users = await Promise.all(Array.from({ length: 22 }, () => old.user()));
    await Promise.all(users.map(({ phone }) => person({ account: phone })));
    const lines = (await old.refusal()).split('\n');
    assert.equal(lines.filter(line => line.includes('the account')).length, 20);
    assert.ok(lines.some(line => line.trim() === 'and 2 more'));
  });

  it('has a place for each conversation of two, also where two would get one id', async () => {
    for (const id of [...FRIENDS, FRIEND]) await old.user(id);
    const messages = FRIENDS.map(senderId => {
      return { id: randomUUID(), senderId, receiverId: FRIEND, groupId: null, content: `from ${senderId}`, type: 1 };
    });
    await old.insert('message', messages);
    assert.match(await old.import(), /^messages: 2 read, 2 new$/m);
    assert.match(await old.import(), /^messages: 2 read, 0 new$/m);
    const rows = await app.model.Message.findAll({ where: { clientMsgId: messages.map(({ id }) => id) } });
    const [one, other] = rows.map(({ conversationId }) => conversationId);
    assert.equal(rows.length, 2);
    assert.equal(Math.abs(one - other), 1);
    for (const conversationId of [one, other]) {
      assert.equal(await app.model.ConversationMember.count({ where: { conversationId } }), 2);
    }
  });
});
