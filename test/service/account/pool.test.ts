import assert from 'node:assert/strict';
import { settings } from '../../../config/settings';
import { person } from '../../support/person';
import { app } from '../../support/service';

describe('while everything else has all of its connections', () => {
  it('people log in, refresh, connect and log out', async () => {
    const ann = await person();
    const held = await Promise.all(Array.from({ length: settings.database.pool }, () => app.model.transaction()));
    try {
      const again = await ann.login({ deviceId: 'laptop' });
      const socket = await again.connect();
      await socket.request('sync:pull', { after: 0 });
      assert.equal((await ann.ask('session.index')).length, 2);
      await again.ask('auth.refresh', { body: { refreshToken: again.session.refreshToken } });
      await again.ask('auth.logout');
      assert.deepEqual(await socket.first('session:closed'), { reason: 'logout' });
    } finally {
      await Promise.all(held.map(each => each.rollback()));
    }
  });
});
