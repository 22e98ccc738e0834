import assert from 'node:assert/strict';

// Modules, which a test can not load otherwise.
const rows = () => import('../../scripts/import/rows.mjs');
const sources = () => import('../../scripts/import/source.mjs');

const UUID = '3f0c9a52-58a5-4d2e-9a75-0f4c3b1d2e6f';
const OTHER = 'b7e2c1d0-1111-4222-8333-944445555666';
const AT = '2020-01-01 00:00:00';
/** The same instant: the old database kept the time of China. */
const INSTANT = new Date('2019-12-31T16:00:00Z');

const source = { time: (text: string) => new Date(`${text.replace(' ', 'T')}+08:00`) };

describe('an id of the first system', () => {
  it('is the same number at every run, however it is written, and another one for a user than for a group', async () => {
    const { idOf } = await sources();
    const id = idOf('user', UUID);
    assert.equal(idOf('user', UUID.toUpperCase()), id);
    assert.notEqual(idOf('group', UUID), id);
    assert.notEqual(idOf('user', OTHER), id);
    // Runs of later versions have to find what this one has written.
    assert.equal(id, 4845062467746);
  });

  it('is below all that the service makes by itself, and no more than a number of JavaScript holds', async () => {
    const { idOf } = await sources();
    for (let each = 0; each < 1000; each++) {
      const id = idOf('user', `${UUID}${each}`);
      assert.ok(id > 0 && id <= 2 ** 44 && Number.isSafeInteger(id));
    }
  });
});

describe('a row of the first system', () => {
  it('of a user has the login of before as its account, where it can be one', async () => {
    const { userOf } = await rows();
    const made = (phone: unknown) =>
      userOf({ id: UUID, phone, name: 'Pat', createdAt: AT, updatedAt: AT }, source, 'shop');
    const cases = [
      ['13912345678', '13912345678', '13912345678'],
      ['+8613912345678', '+8613912345678', '+8613912345678'],
      ['Pat@Example.com', 'pat@example.com', null],
      [13912345678, '13912345678', '13912345678'],
      ['1391', '1391', null],
    ] as const;
    for (const [phone, account, number] of cases) {
      assert.deepEqual([made(phone).account, made(phone).phone], [account, number], String(phone));
    }
    const { id } = made('1');
    for (const phone of ['', '王', 'a b', 'x'.repeat(65), null])
      assert.equal(made(phone).account, `u${id}`, String(phone));
  });

  it('of a user has all else that there is, and no more than fits', async () => {
    const { userOf } = await rows();
    const row = { id: UUID, phone: '13912345678', createdAt: AT, updatedAt: AT };
    const user: Record<string, unknown> = userOf(
      { ...row, name: '👋'.repeat(100), description: '好'.repeat(300), gender: 1, password: '$2b$x' },
      source,
      'shop',
    );
    assert.deepEqual(
      [user.name, user.signature],
      ['👋'.repeat(64), '好'.repeat(256)],
      'characters are counted, and none is cut through',
    );
    assert.deepEqual(
      [user.gender, user.password_hash, user.created_at, user.app],
      ['female', '$2b$x', INSTANT, 'shop'],
    );
    const bare = userOf({ ...row, name: 'Pat', description: '', gender: 0, password: null }, source, 'shop');
    assert.deepEqual([bare.signature, bare.gender, bare.password_hash], [null, null, '']);
    assert.equal(userOf({ ...row, name: 'Pat', gender: 2 }, source, 'shop').gender, 'male');
  });

  it('of a group is its conversation and its card, which have one id', async () => {
    const { conversationOf, groupOf } = await rows();
    const { idOf } = await sources();
    const row = { id: UUID, name: '老群', description: '', ownerId: OTHER, createdAt: AT };
    const id = idOf('group', UUID);
    assert.deepEqual(conversationOf(row, source, 'shop'), {
      id,
      app: 'shop',
      type: 'group',
      last_at: INSTANT,
      created_at: INSTANT,
    });
    assert.deepEqual(groupOf(row, source), {
      id,
      name: '老群',
      announcement: null,
      owner_id: idOf('user', OTHER),
      created_at: INSTANT,
      updated_at: INSTANT,
    });
    assert.equal(groupOf({ ...row, description: 'read me' }, source).announcement, 'read me');
  });

  it('of a member has its role, its notices and its name there', async () => {
    const { memberOf } = await rows();
    const made = (permissionType: number | null, notifyLevel: number | null, alias = '') => {
      const row = { groupId: UUID, userId: OTHER, createdAt: AT, permissionType, notifyLevel, alias };
      const member: Record<string, unknown> = memberOf(row, source);
      return [member.role, member.notify, member.alias];
    };
    assert.deepEqual(made(100, 0), ['owner', 'normal', null]);
    assert.deepEqual(made(1, 1, '小波'), ['admin', 'silent', '小波']);
    assert.deepEqual(made(0, -1), ['member', 'none', null]);
    assert.deepEqual(made(null, null), ['member', 'normal', null]);
  });

  it('of who followed whom is a friendship of both, with the name of who has given it', async () => {
    const { friendsOf } = await rows();
    const { idOf } = await sources();
    const [one, other] = [idOf('user', UUID), idOf('user', OTHER)];
    assert.deepEqual(friendsOf({ originId: UUID, targetId: OTHER, alias: '小波', createdAt: AT }, source), [
      { user_id: one, friend_id: other, alias: '小波', created_at: INSTANT },
      { user_id: other, friend_id: one, alias: null, created_at: INSTANT },
    ]);
  });
});
