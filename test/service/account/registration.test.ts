import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { limit } from '../../support/limits';
import { ADMIN_TOKEN, admitAdmin } from '../../support/notice';
import { ask, person } from '../../support/person';
import { refused } from '../../support/refusal';
import { app, mm, storesNothing } from '../../support/service';

const register = (given: object = {}, token?: string) => {
  const body = { account: `p${randomUUID()}`, password: 'correct horse battery', name: 'Pat', ...given };
  return ask('auth.register', { body, ...(token && { headers: { authorization: `Bearer ${token}` } }) });
};

describe('tenants', () => {
  it('are those of the settings', async () => {
    mm(app.config.im, 'tenants', ['default', 'blue']);
    await register();
    assert.equal((await register({ app: 'blue' })).user.app, 'blue');
    await storesNothing(() => refused(register({ app: 'invented' }), 'TENANT_NOT_FOUND'));
    const { session } = await person();
    const body = { account: session.user.account, password: 'correct horse battery', app: 'invented' };
    await refused(ask('auth.login', { body }), 'TENANT_NOT_FOUND');
  });
});

describe('registration that is closed', () => {
  beforeEach(() => mm(app.config.im, 'registration', 'closed'));

  it('refuses everybody, and lets users log in', async () => {
    mm(app.config.im, 'registration', 'open');
    const ann = await person();
    mm(app.config.im, 'registration', 'closed');
    mm(app.config.im, 'adminToken', '');
    await storesNothing(async () => {
      await refused(register(), 'REGISTRATION_CLOSED');
      await refused(register({}, ann.session.accessToken), 'REGISTRATION_CLOSED');
      await refused(register({}, ADMIN_TOKEN), 'REGISTRATION_CLOSED');
    });
    await ann.login();
  });

  it('is open to whoever has the admin token, as often as they like', async () => {
    admitAdmin();
    await limit({ registrations: 1 });
    for (let index = 0; index < 3; index++) await register({}, ADMIN_TOKEN);
    await refused(register({}, `${ADMIN_TOKEN}x`), 'REGISTRATION_CLOSED');
  });
});
