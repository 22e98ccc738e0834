import assert from 'node:assert/strict';
import { Tokens } from '../../../app/lib/auth/tokens';
import { ask, person, type Person } from '../../support/person';
import { refused } from '../../support/refusal';
import { app, count, mm } from '../../support/service';

const refresh = (refreshToken: string, deviceId?: string) =>
  ask('auth.refresh', { body: { refreshToken, ...(deviceId && { deviceId }) } });
/** The last refresh of a device was longer ago than it may be repeated. */
const aMinuteLater = ({ id, deviceId }: Person) =>
  app.model.query(
    'UPDATE device SET refreshed_at = refreshed_at - INTERVAL 60 SECOND WHERE (user_id, device_id) = (:key)',
    {
      replacements: { key: [id, deviceId] },
    },
  );
const alive = (someone: Person) => count('device WHERE user_id = :id AND session_id IS NOT NULL', { id: someone.id });

describe('a session', () => {
  it('lives on by its refresh token, which is another one each time', async () => {
    const ann = await person();
    const second = await refresh(ann.session.refreshToken);
    const third = await refresh(second.refreshToken);
    assert.equal(new Set([ann.session, second, third].map(each => each.refreshToken)).size, 3);
    assert.deepEqual([third.user, third.deviceId], [ann.session.user, ann.deviceId]);
    const headers = { authorization: `Bearer ${third.accessToken}` };
    assert.deepEqual(await ask('user.me', { headers }), ann.session.user);
  });

  it('goes on when the answer to a refresh is lost and the device asks again', async () => {
    const ann = await person();
    const { refreshToken } = ann.session;
    await refresh(refreshToken);
    const again = await refresh(refreshToken, ann.deviceId);
    const next = await refresh(again.refreshToken, ann.deviceId);
    await ask('user.me', { headers: { authorization: `Bearer ${next.accessToken}` } });
    await refused(refresh(refreshToken), 'SESSION_CLOSED');
  });

  it('goes on when a device refreshes several times at once, whichever answer it keeps', async () => {
    const ann = await person();
    const { refreshToken } = ann.session;
    const answers = await Promise.all([1, 2, 3, 4].map(() => refresh(refreshToken, ann.deviceId)));
    const ids = answers.map(each => app.tokens.verify('refresh', each.refreshToken).refreshId);
    assert.equal(new Set(ids).size, 1);
    const kept = await refresh(answers[2].refreshToken);
    await ask('user.me', { headers: { authorization: `Bearer ${kept.accessToken}` } });
  });

  it('ends when a refresh token comes from another device, were it at once', async () => {
    for (const isUsed of [true, false]) {
      const ann = await person();
      const next = isUsed ? await refresh(ann.session.refreshToken) : ann.session;
      await refused(refresh(ann.session.refreshToken, 'somebody-else'), 'SESSION_CLOSED');
      await refused(refresh(next.refreshToken, ann.deviceId), 'SESSION_CLOSED');
    }
  });

  it('ends for whoever has it when a refresh token is used again after a minute', async () => {
    const ann = await person();
    const tablet = await ann.login();
    const socket = await ann.connect();
    const next = await refresh(ann.session.refreshToken);
    await aMinuteLater(ann);
    await refused(refresh(ann.session.refreshToken), 'SESSION_CLOSED');

    assert.deepEqual(await socket.first('session:closed'), { reason: 'revoked' });
    await socket.closed();
    await refused(refresh(next.refreshToken), 'SESSION_CLOSED');
    await refused(ann.ask('user.me'), 'SESSION_CLOSED');
    await refused(ann.connect(), 'SESSION_CLOSED');
    await tablet.ask('user.me');
  });

  it('takes neither kind of token for the other', async () => {
    const ann = await person();
    const { accessToken, refreshToken } = ann.session;
    await refused(refresh(accessToken), 'UNAUTHENTICATED');
    await refused(ask('user.me', { headers: { authorization: `Bearer ${refreshToken}` } }), 'UNAUTHENTICATED');
    await refused(ann.connect({ auth: { token: refreshToken } }), 'UNAUTHENTICATED');
  });

  it('is not refreshed by a token that has expired', async () => {
    const ann = await person();
    const { jwtSecret: secret } = app.config.im;
    const actor = app.tokens.verify('refresh', ann.session.refreshToken);
    const expired = new Tokens({ secret, accessTtl: -1, refreshTtl: -1 }).issue(actor, actor.refreshId!);
    await refused(refresh(expired.refreshToken), 'TOKEN_EXPIRED');
    await refresh(ann.session.refreshToken);
  });

  it('ends by logging out, on that device alone', async () => {
    const phone = await person();
    const laptop = await phone.login();
    const [onPhone, onLaptop] = [await phone.connect(), await laptop.connect()];
    await phone.ask('auth.logout');
    assert.deepEqual(await onPhone.first('session:closed'), { reason: 'logout' });
    await onPhone.closed();
    await refused(phone.ask('user.me'), 'SESSION_CLOSED');
    await refused(refresh(phone.session.refreshToken), 'SESSION_CLOSED');
    await onLaptop.request('sync:pull', { after: 0 });
    assert.deepEqual(onLaptop.told('session:closed'), []);
  });

  it('gives way to a new login on the same device', async () => {
    const ann = await person();
    const socket = await ann.connect();
    const again = await ann.login({ deviceId: ann.deviceId });
    assert.deepEqual(await socket.first('session:closed'), { reason: 'replaced' });
    await socket.closed();
    await refused(ann.ask('user.me'), 'SESSION_CLOSED');
    await again.connect();
    assert.equal(await alive(ann), 1);
  });

  it('that ended behind the back of this process is noticed at the second beat: before, its end may yet be answered', async () => {
    const ann = await person();
    const socket = await ann.connect();
    await app.model.Device.update({ sessionId: null }, { where: { userId: Number(ann.id) } });
    const ended = Date.now();
    assert.deepEqual(await socket.first('session:closed'), { reason: 'revoked' });
    assert.ok(Date.now() - ended >= app.config.im.headIntervalMs);
    await socket.closed();
  });
});

describe('the device policy', () => {
  const policy = (name: string) => mm(app.config.im, 'devicePolicy', name);

  it('`multi` keeps every device', async () => {
    const phone = await person({ platform: 'ios' });
    const sockets = [await phone.connect(), await (await phone.login({ platform: 'ios' })).connect()];
    await phone.login({ platform: 'web' });
    for (const socket of sockets) await socket.request('sync:pull', { after: 0 });
    assert.equal(await alive(phone), 3);
  });

  it('`platform` keeps the newest of each platform', async () => {
    policy('platform');
    const phone = await person({ platform: 'ios' });
    const laptop = await phone.login({ platform: 'web' });
    const [onPhone, onLaptop] = [await phone.connect(), await laptop.connect()];
    await phone.login({ platform: 'ios' });
    assert.deepEqual(await onPhone.first('session:closed'), { reason: 'replaced' });
    await onPhone.closed();
    await refused(phone.ask('user.me'), 'SESSION_CLOSED');
    await onLaptop.request('sync:pull', { after: 0 });
    assert.equal(await alive(phone), 2);
  });

  it('`single` keeps the newest device', async () => {
    policy('single');
    const phone = await person({ platform: 'ios' });
    const onPhone = await phone.connect();
    const laptop = await phone.login({ platform: 'web' });
    assert.deepEqual(await onPhone.first('session:closed'), { reason: 'replaced' });
    await onPhone.closed();
    await refused(phone.ask('user.me'), 'SESSION_CLOSED');
    await laptop.ask('user.me');
    assert.equal(await alive(phone), 1);
  });

  it('`single` leaves one device when several log in at once', async () => {
    policy('single');
    const ann = await person();
    const user = await app.model.User.findByPk(Number(ann.id));
    // Past the check of the password, whose time would keep them apart.
    const open = () => app.createAnonymousContext().service.account.session.open(user!);
    await Promise.all([open(), open(), open(), open()]);
    assert.equal(await alive(ann), 1);
  });
});
