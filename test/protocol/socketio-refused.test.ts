import assert from 'node:assert/strict';
import { io as io4 } from 'socket.io-client';
import { limit } from '../support/limits';
import { people, person } from '../support/person';
import { connOf, history, isStranger, pair, PrivateClient } from '../support/private_client';
import { app, storesNothing, url } from '../support/service';

describe('a client of Socket.IO 2.x that may not', () => {
  it('gets no `ok` without a token of that user', async () => {
    const [ann, bob] = await people(2);
    const { token, ...conn } = connOf(ann);
    const expired = app.tokens.issue({ app: 'default', userId: Number(ann.id), deviceId: 'x', sessionId: 'x' }, 'x');
    const tries = [
      conn,
      { ...conn, token: '' },
      { ...conn, token: 'x' },
      { ...conn, token: { toString: 'x' } },
      { ...conn, token: bob.session.accessToken },
      { ...conn, uid: bob.id, token },
      { ...conn, token: ann.session.refreshToken },
      { ...conn, token: expired.accessToken },
    ];
    const client = new PrivateClient(undefined);
    for (const [index, each] of tries.entries()) {
      client.emit('conn', each);
      assert.match(await client.refusal(index), /^(UNAUTHENTICATED|SESSION_CLOSED)$/, JSON.stringify(each));
    }
    client.emit('sendmsg', { uid: bob.id, msg: 'let me' });
    assert.equal(await client.refusal(tries.length), 'UNAUTHENTICATED');
    client.emit('delmsg', { uid: bob.id, msgid: '1-1' });
    assert.equal(await client.refusal(tries.length + 1), 'UNAUTHENTICATED');
    assert.deepEqual(client.oks, []);
    assert.ok(isStranger(client));
    client.emit('conn', { ...conn, token });
    await client.until(() => client.oks.at(0), 'ok');
    assert.ok(!isStranger(client));
  });

  it('is refused what is no JSON, runs nothing, and goes on', async () => {
    const [, bob, anns, bobs] = await pair();
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const wrong: [unknown, string][] = [
      [`{uid:${bob.id},msg:'你好'}`, 'INVALID_INPUT'],
      ['process.exit()', 'INVALID_INPUT'],
      ['(()=>{globalThis.evaluated=true;return {}})()', 'INVALID_INPUT'],
      [`{"uid":${bob.id},"msg":"x","extra":{"__proto__":{"isAdmin":true}}}`, 'INVALID_INPUT'],
      [`{"uid":${bob.id},"msg":"x","extra":${deep}}`, 'INVALID_INPUT'],
      [JSON.parse(`{"uid":${bob.id},"msg":"x","extra":${'['.repeat(1000)}${']'.repeat(1000)}}`), 'INVALID_INPUT'],
      [undefined, 'INVALID_INPUT'],
      [null, 'INVALID_INPUT'],
      [7, 'INVALID_INPUT'],
      ['[]', 'INVALID_INPUT'],
      [[], 'INVALID_INPUT'],
      [{ uid: { $gt: 0 }, msg: 'x' }, 'INVALID_INPUT'],
      [{ uid: bob.id, msg: { x: 1 } }, 'INVALID_INPUT'],
      [{ uid: bob.id, msg: 'x'.repeat(app.config.im.textMaxBytes + 1) }, 'TOO_LARGE'],
      [{ uid: bob.id, msg: 'x', extra: 'x'.repeat(app.config.im.extraMaxBytes) }, 'TOO_LARGE'],
      [JSON.stringify({ uid: bob.id, msg: 'x'.repeat(app.config.im.packetMaxBytes) }), 'TOO_LARGE'],
      [{ uid: bob.id, msg: Buffer.from('x') }, 'INVALID_INPUT'],
      [{ uid: 4_000_000_000_000_001, msg: 'x' }, 'USER_NOT_FOUND'],
    ];
    await storesNothing(async () => {
      for (const [index, [payload, code]] of wrong.entries()) {
        anns.emit('sendmsg', payload);
        assert.equal(await anns.refusal(index), code, `number ${index}`);
      }
    });
    assert.equal('evaluated' in globalThis, false);
    anns.emit('sendmsg', { uid: bob.id, msg: 'fine' });
    await bobs.message('fine');
  });

  it('deletes nothing of others', async () => {
    const [ann, bob, anns, bobs] = await pair();
    const carl = await PrivateClient.open(await person());
    anns.emit('sendmsg', { uid: bob.id, msg: 'mine' });
    const { msgid } = await bobs.message('mine');
    bobs.emit('delmsg', { uid: ann.id, msgid });
    assert.equal(await bobs.refusal(), 'FORBIDDEN');
    carl.emit('delmsg', { uid: bob.id, msgid });
    assert.equal(await carl.refusal(), 'NOT_A_MEMBER');
    for (const wrong of [undefined, 7, 'x', '1', '1-0', '../1-1', `${msgid}x`]) carl.emit('delmsg', { msgid: wrong });
    assert.equal(await carl.refusal(7), 'INVALID_INPUT');
    const { rows } = await history(bob, `?uid=${ann.id}`);
    assert.deepEqual(
      rows.map(({ ct }) => ct),
      ['mine'],
    );
    assert.deepEqual(bobs.deletions, []);
  });

  it('hears what is refused to everybody: who is blocked, and who asks too often', async () => {
    const [ann, bob, anns] = await pair();
    await bob.call('block.create', { userId: ann.id });
    anns.emit('sendmsg', { uid: bob.id, msg: 'let me in' });
    assert.equal(await anns.refusal(), 'BLOCKED');
    assert.match(anns.failures[0].error.message, /\p{Script=Han}/u);
    await limit({ sends: 1 });
    anns.emit('sendmsg', { uid: bob.id, msg: 'one' });
    anns.emit('sendmsg', { uid: bob.id, msg: 'two' });
    await anns.refusal(2);
    const codes = anns.failures.slice(1).map(({ error }) => error.code);
    assert.deepEqual(codes.sort(), ['BLOCKED', 'RATE_LIMITED']);
  });

  it('is told where to go when it asks for something else, and when it is of a newer client', async () => {
    const client = new PrivateClient(undefined);
    client.emit('message:send', {});
    assert.equal(await client.refusal(), 'NOT_FOUND');
    const newer = io4(url(), { forceNew: true, transports: ['websocket'], reconnection: false });
    const refused = await new Promise<Error>(resolve => newer.on('connect_error', resolve));
    newer.disconnect();
    assert.equal(refused.message, 'NOT_FOUND');
  });
});
