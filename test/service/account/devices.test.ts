import assert from 'node:assert/strict';
import { ask, person, type Person } from '../../support/person';
import { refused } from '../../support/refusal';
import { app } from '../../support/service';

const idsOf = async (someone: Person) =>
  (await someone.call('session.index', { limit: 50 })).map(each => each.deviceId);
const seenDaysAgo = ({ id, deviceId }: Person, days: number) =>
  app.model.query(
    'UPDATE device SET last_seen_at = UTC_TIMESTAMP(3) - INTERVAL :days DAY WHERE (user_id, device_id) = (:key)',
    {
      replacements: { key: [id, deviceId], days },
    },
  );

describe('a device', () => {
  it('is listed with its platform, and when it was last seen, while it is logged in', async () => {
    const phone = await person({ deviceId: 'phone', platform: 'ios' });
    const laptop = await phone.login({ deviceId: 'laptop', platform: 'web' });
    await seenDaysAgo(phone, 2);
    const listed = await laptop.call('session.index', { limit: 50 });
    const shown = listed.map(({ lastSeenAt, ...rest }) => ({ ...rest, days: daysSince(lastSeenAt) }));
    assert.deepEqual(shown, [
      { deviceId: 'laptop', platform: 'web', current: true, days: 0 },
      { deviceId: 'phone', platform: 'ios', current: false, days: 2 },
    ]);
    await laptop.ask('auth.logout');
    assert.deepEqual(await idsOf(phone), ['phone']);
  });

  it('is not listed when it was not seen for longer than a refresh token is good for', async () => {
    const [phone, bob] = [await person(), await person()];
    const laptop = await phone.login();
    await seenDaysAgo(laptop, app.config.im.refreshTtl / 86_400 + 1);
    assert.deepEqual(await idsOf(phone), [phone.deviceId]);
    assert.deepEqual(await idsOf(bob), [bob.deviceId]);
    await ask('auth.refresh', { body: { refreshToken: laptop.session.refreshToken } });
    assert.equal((await idsOf(phone)).length, 2);
  });

  it('is listed once, page by page, in order of its id', async () => {
    const first = await person({ deviceId: 'b' });
    for (const deviceId of ['d', 'a', 'c']) await first.login({ deviceId });
    const page = await first.callPage('session.index', { limit: 3 });
    const rest = await first.callPage('session.index', { limit: 3, cursor: page.nextCursor });
    assert.deepEqual(
      [...page.data, ...rest.data].map(each => each.deviceId),
      ['a', 'b', 'c', 'd'],
    );
    assert.equal(rest.nextCursor, undefined);
  });

  it('ends from another, which is told and disconnected, and its tokens are dead', async () => {
    const phone = await person();
    const laptop = await phone.login();
    const [onPhone, onLaptop] = [await phone.connect(), await laptop.connect()];
    // Once more does no harm.
    for (let time = 0; time < 2; time++) await onPhone.call('session.remove', { deviceId: laptop.deviceId });
    assert.deepEqual(await onLaptop.first('session:closed'), { reason: 'revoked' });
    await onLaptop.closed();
    await refused(laptop.ask('user.me'), 'SESSION_CLOSED');
    await refused(laptop.connect(), 'SESSION_CLOSED');
    await refused(ask('auth.refresh', { body: { refreshToken: laptop.session.refreshToken } }), 'SESSION_CLOSED');
    assert.deepEqual(await idsOf(phone), [phone.deviceId]);
    assert.deepEqual(onPhone.told('session:closed'), []);
  });

  it('may end its own session, and gets the answer', async () => {
    const ann = await person();
    const socket = await ann.connect();
    await socket.call('session.remove', { deviceId: ann.deviceId });
    assert.deepEqual(await socket.first('session:closed'), { reason: 'logout' });
    await socket.closed();
    await refused(ann.ask('user.me'), 'SESSION_CLOSED');
  });

  it('of somebody else is not ended by its id', async () => {
    const [ann, bob] = [await person({ deviceId: 'shared' }), await person({ deviceId: 'shared' })];
    const other = await bob.login();
    await other.call('session.remove', { deviceId: 'shared' });
    await refused(bob.ask('user.me'), 'SESSION_CLOSED');
    await ann.ask('user.me');
    for (const deviceId of ['', 'a b', 'x'.repeat(65)]) {
      await refused((await ann.connect()).call('session.remove', { deviceId }), 'INVALID_INPUT');
    }
  });
});

function daysSince(time: string): number {
  return Math.round((Date.now() - Date.parse(time)) / 86_400_000);
}
