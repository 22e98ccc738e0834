import assert from 'node:assert/strict';
import { actionFor, actions } from '../../app/extend/action';
import { callNames } from '../../app/schema/calls';
import { app } from '../support/service';

describe('the action of a call', () => {
  it('is there for each call', () => {
    for (const name of callNames) assert.equal(typeof actionFor(app.controller, name), 'function', name);
  });

  it('that is not there keeps the service from starting', () => {
    const { ack, ...lacking } = actions('sync', { pull: () => assert.fail(), ack: () => ({}) });
    assert.equal(typeof ack, 'function');
    const controllers = { ...app.controller, sync: lacking } as typeof app.controller;
    assert.throws(() => actionFor(controllers, 'sync.ack'), /app\/controller\/sync\.ts has no action ack/);
    const without = { ...app.controller, sync: undefined } as unknown as typeof app.controller;
    assert.throws(() => actionFor(without, 'sync.ack'), /app\/controller\/sync\.ts has no action ack/);
  });

  it('answers `{}` where a service gives nothing', async () => {
    const { remove } = actions('session', { index: () => assert.fail(), remove: () => undefined });
    const actor = { app: 'default', userId: 1, deviceId: 'd', sessionId: 's' };
    const ctx = Object.assign(app.mockContext(), { actor, args: [{ deviceId: 'd' }] });
    assert.deepEqual(await remove(ctx), { data: {} });
  });
});
