import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { ask, person } from '../../support/person';
import { refused } from '../../support/refusal';
import { app, count, storesNothing } from '../../support/service';

const password = 'correct horse battery';
const wrong = { password: 'wrong horse battery' };
const newAccount = () => `Anna.${randomUUID()}`;

describe('an account', () => {
  it('is made by registering, which logs in at once', async () => {
    const account = newAccount();
    const body = { account, password, name: 'Anna', phone: '+8613800138000', deviceId: 'phone-1', platform: 'ios' };
    const session = await ask('auth.register', { body });
    assert.deepEqual(session.user, {
      id: session.user.id,
      account: account.toLowerCase(),
      name: 'Anna',
      app: 'default',
      phone: '+8613800138000',
      hidePresence: false,
      privacy: { groups: 'friends', messages: 'everyone', phone: 'everyone', presence: 'everyone' },
    });
    assert.equal(session.deviceId, 'phone-1');
    assert.equal(session.expiresIn, app.config.im.accessTtl);
    assert.equal(await count("device WHERE user_id = :id AND platform = 'ios'", { id: session.user.id }), 1);
  });

  it('gets a device id from the server when the device has none', async () => {
    const [one, two] = [await person(), await person()];
    assert.match(one.deviceId, /^[0-9a-f-]{36}$/);
    assert.notEqual(one.deviceId, two.deviceId);
  });

  it('is entered with its password, whatever the case of its letters', async () => {
    const account = newAccount();
    const registered = await ask('auth.register', { body: { account, password, name: 'Anna' } });
    const session = await ask('auth.login', { body: { account: account.toUpperCase(), password } });
    assert.deepEqual(session.user, registered.user);
  });

  it('that does not exist answers a login as a wrong password does', async () => {
    const ann = await person();
    const known = await refused(ann.login(wrong), 'WRONG_CREDENTIALS');
    const unknown = await refused(
      ask('auth.login', { body: { account: newAccount(), password } }),
      'WRONG_CREDENTIALS',
    );
    assert.deepEqual(unknown, known);
  });

  it('can not be taken twice, also not in other letters', async () => {
    const account = newAccount();
    await ask('auth.register', { body: { account, password, name: 'Anna' } });
    await storesNothing(async () => {
      for (const same of [account, account.toUpperCase()]) {
        await refused(ask('auth.register', { body: { account: same, password, name: 'Bob' } }), 'ACCOUNT_TAKEN');
      }
    });
  });

  it('is made once when two register it at the same time', async () => {
    const body = { account: newAccount(), password, name: 'Anna' };
    const attempts = await Promise.allSettled([1, 2, 3].map(() => ask('auth.register', { body })));
    assert.equal(attempts.filter(each => each.status === 'fulfilled').length, 1);
    assert.equal(await count('user WHERE account = :account', { account: body.account.toLowerCase() }), 1);
  });
});

describe('a profile', () => {
  it('is changed where something is given, and cleared by null', async () => {
    const ann = await person();
    const given = {
      name: '安娜 👩🏽‍🚀',
      phone: '13800138000',
      avatar: '/files/a.png',
      gender: 'female',
      signature: 'here & now',
      background: '/files/b.jpg',
    };
    const { id, account } = ann.session.user;
    const privacy = { groups: 'everyone', messages: 'everyone', phone: 'everyone', presence: 'everyone' };
    const changed = await ann.ask('user.update', { body: given });
    const rest = { id, account, app: 'default', hidePresence: false, privacy };
    assert.deepEqual(changed, { ...rest, ...given, version: 1 });
    assert.deepEqual(await ann.ask('user.update', { body: { signature: 'later' } }), {
      ...changed,
      signature: 'later',
    });
    assert.deepEqual(await ann.ask('user.me'), { ...changed, signature: 'later' });

    const body = { phone: null, avatar: null, gender: null, signature: null, background: null };
    assert.deepEqual(await ann.ask('user.update', { body }), { ...rest, name: given.name, version: 2 });
    assert.deepEqual(await ann.ask('user.me'), { ...rest, name: given.name, version: 2 });
  });

  it('says whether others see the presence of the user, and not to them', async () => {
    const [ann, bob] = [await person(), await person()];
    const socket = await ann.connect();
    assert.equal((await socket.call('user.update', { hidePresence: true })).hidePresence, true);
    assert.equal((await ann.ask('user.me')).hidePresence, true);
    assert.equal((await ann.login()).session.user.hidePresence, true);
    assert.equal('hidePresence' in (await bob.ask('user.show', { id: ann.id })), false);
    assert.equal((await ann.call('user.update', { name: 'Ann' })).hidePresence, true);
    assert.equal((await ann.call('user.update', { hidePresence: false })).hidePresence, false);
    for (const hidePresence of [null, 1, 'yes']) {
      await refused(ann.ask('user.update', { body: { hidePresence } }), 'INVALID_INPUT');
    }
  });

  it('is shown to others without the phone number', async () => {
    const [ann, bob] = [await person({ name: 'Ann', phone: '13800138000' }), await person()];
    const { id, account } = ann.session.user;
    assert.deepEqual(await bob.ask('user.show', { id }), { id, account, name: 'Ann' });
    await refused(bob.ask('user.show', { id: '1' }), 'USER_NOT_FOUND');
  });

  it('can not be given what is not the user to change', async () => {
    const ann = await person();
    for (const body of [{ id: '1' }, { account: 'root' }, { app: 'other' }, { passwordHash: 'x' }, { name: null }]) {
      await refused(ann.ask('user.update', { body }), 'INVALID_INPUT');
    }
    const bad = [{ name: ' ' }, { avatar: 'javascript:alert(1)' }, { gender: 'x' }, { signature: 'x'.repeat(257) }];
    for (const body of bad) await refused(ann.ask('user.update', { body }), 'INVALID_INPUT');
    assert.deepEqual(await ann.ask('user.me'), ann.session.user);
  });
});

describe('a password', () => {
  it('is in no answer, and neither is its hash', async () => {
    const ann = await person();
    const answers = [
      ann.session,
      (await ann.login()).session,
      await ask('auth.refresh', { body: { refreshToken: ann.session.refreshToken } }),
      await ann.ask('user.me'),
      await ann.ask('user.update', { body: { name: 'Ann' } }),
      await ann.ask('user.show', { id: ann.id }),
    ];
    // A token may hold any letters.
    const text = JSON.stringify(answers, (key, value: unknown) => (key.endsWith('Token') ? undefined : value));
    assert.doesNotMatch(text, /argon2|hash|password|correct horse/i);
    assert.match(text, new RegExp(ann.id));
  });

  it('is changed with the old one, after which the new one alone is good', async () => {
    const ann = await person();
    const { account } = ann.session.user;
    const newPassword = 'a better horse';
    await refused(
      ann.ask('auth.password', { body: { oldPassword: wrong.password, newPassword } }),
      'WRONG_CREDENTIALS',
    );
    await ann.ask('auth.password', { body: { oldPassword: password, newPassword } });
    await refused(ask('auth.login', { body: { account, password } }), 'WRONG_CREDENTIALS');
    await ask('auth.login', { body: { account, password: newPassword } });
  });

  it('ends the sessions of all other devices when it is changed', async () => {
    const phone = await person();
    const laptop = await phone.login();
    const [onPhone, onLaptop] = [await phone.connect(), await laptop.connect()];
    const session = await phone.ask('auth.password', {
      body: { oldPassword: password, newPassword: 'a better horse' },
    });
    assert.deepEqual(await onLaptop.first('session:closed'), { reason: 'password' });
    await onLaptop.closed();
    await refused(laptop.ask('user.me'), 'SESSION_CLOSED');
    assert.deepEqual([session.user, session.deviceId], [phone.session.user, phone.deviceId]);
    const again = await phone.connect({ auth: { token: session.accessToken } });
    await again.request('sync:pull', { after: 0 });
    assert.deepEqual(await onPhone.first('session:closed'), { reason: 'password' });
  });

  it('ends every copy of the tokens of before when it is changed, also those of the same device', async () => {
    const ann = await person();
    const thief = await ann.connect();
    const { refreshToken } = ann.session;
    const own = await ann.connect();
    const session = await own.call('auth.password', { oldPassword: password, newPassword: 'a better horse' });
    for (const socket of [thief, own]) {
      assert.deepEqual(await socket.first('session:closed'), { reason: 'password' });
      await socket.closed();
    }
    await refused(ann.ask('user.me'), 'SESSION_CLOSED');
    await refused(ann.connect(), 'SESSION_CLOSED');
    await refused(ask('auth.refresh', { body: { refreshToken } }), 'SESSION_CLOSED');
    await ask('auth.refresh', { body: { refreshToken: session.refreshToken } });
  });

  it('is changed by one of two who change it at once', async () => {
    const ann = await person();
    const change = (newPassword: string) => ann.ask('auth.password', { body: { oldPassword: password, newPassword } });
    const attempts = await Promise.allSettled([change('a better horse'), change('a faster horse')]);
    assert.equal(attempts.filter(each => each.status === 'fulfilled').length, 1);
    assert.equal(await count('device WHERE user_id = :id AND session_id IS NOT NULL', { id: ann.id }), 1);
  });
});
