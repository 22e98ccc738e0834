import assert from 'node:assert/strict';
import { admitAdmin, ADMIN_TOKEN, announce, notice, peopleOf, tenant } from '../support/notice';
import { person } from '../support/person';
import { isStranger, PrivateClient } from '../support/private_client';
import { app, mm, storesNothing } from '../support/service';

describe('notices to clients of Socket.IO 2.x', () => {
  afterEach(() => {
    mm.restore();
  });

  it('come from whoever has the admin token, to one or to all of the tenant', async () => {
    admitAdmin();
    const name = tenant();
    const [ann, bob] = await peopleOf(name, 2);
    const stranger = await PrivateClient.open(await person());
    const [anns, bobs] = await Promise.all([ann, bob].map(each => PrivateClient.open(each)));
    const backend = new PrivateClient(undefined);
    const told = { msgtype: 2, msgid: 'n1', event: { open: 'mail' } };
    backend.emit('systemadmin', { token: ADMIN_TOKEN, app: name, uid: ann.id, content: 'to one', ...told });
    const one = await anns.notice('to one');
    assert.deepEqual(one, { _method_: 'SystemNot', action: '1', ct: 'to one', ...told });
    backend.emit('systemadmin', JSON.stringify({ token: ADMIN_TOKEN, app: name, content: 'to all' }));
    const all = { _method_: 'SystemNot', action: '1', msgtype: 0, ct: 'to all', msgid: 0, event: '' };
    assert.deepEqual(await Promise.all([anns, bobs].map(each => each.notice('to all'))), [all, all]);
    anns.emit('systemadmin', { token: ADMIN_TOKEN, content: 'from within' });
    await bobs.notice('from within');
    assert.deepEqual([bobs.notices.length, stranger.told, backend.failures], [2, [], []]);
    assert.ok(!isStranger(backend));
  });

  it('come from nobody else', async () => {
    const tries = [undefined, '', '1234567', 'undefined', 7, null, ['x'], ADMIN_TOKEN.slice(1), `${ADMIN_TOKEN}x`];
    const ann = await PrivateClient.open(await person());
    const refuse = async (tokens: readonly unknown[]) => {
      for (const token of tokens) {
        const known = ann.failures.length;
        ann.emit('systemadmin', { token, content: 'believe me' });
        assert.equal(await ann.refusal(known), 'UNAUTHENTICATED');
      }
    };
    mm(app.config.im, 'adminToken', '');
    await storesNothing(async () => {
      await refuse([...tries, ADMIN_TOKEN]);
      admitAdmin();
      await refuse(tries);
    });
    assert.deepEqual(ann.notices, []);
  });

  it('are refused that name nobody, or say nothing', async () => {
    admitAdmin();
    const backend = new PrivateClient(undefined);
    const wrong = [
      [{ content: '' }, 'INVALID_INPUT'],
      [{}, 'INVALID_INPUT'],
      [{ content: 'x', uid: 'all' }, 'INVALID_INPUT'],
      [{ content: 'x', uid: 4_000_000_000_000_001 }, 'USER_NOT_FOUND'],
      [{ content: 'x', event: 'x'.repeat(20_000) }, 'TOO_LARGE'],
    ] as const;
    for (const [index, [given, code]] of wrong.entries()) {
      backend.emit('systemadmin', { token: ADMIN_TOKEN, ...given });
      assert.equal(await backend.refusal(index), code);
    }
  });

  it('come that were made elsewhere', async () => {
    admitAdmin();
    const ann = await person();
    const anns = await PrivateClient.open(ann);
    const event = { open: 'page' };
    const [{ conversationId, seq }] = await announce(notice({ to: { userIds: [ann.id] }, event }));
    const { msgid, ...told } = await anns.notice('Maintenance\nTonight from two to three.');
    assert.deepEqual([told.event, told.msgtype, msgid], [event, 0, `${conversationId}-${seq}`]);
  });
});
