import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import { contextOf } from '../../app/io/handshake';
import type { Client } from '../support/client';
import { behindProxies, limit } from '../support/limits';
import { people, person } from '../support/person';
import { refused } from '../support/refusal';
import { app, mm, socketOf, url } from '../support/service';

const bounds = (given: Partial<typeof app.config.im.sockets>) =>
  mm(app.config.im, 'sockets', { ...app.config.im.sockets, ...given });

const replaced = async (client: Client) => {
  const { error } = await client.first('connection:closed');
  assert.equal(error.code, 'TOO_MANY_CONNECTIONS');
  assert.equal(await client.closed(), 'io server disconnect');
};

describe('connections of one session', () => {
  it('give way, the oldest first, to one that is new: a phone that comes back is let in', async () => {
    const ann = await person();
    bounds({ session: 2 });
    const first = await ann.connect();
    const second = await ann.connect();
    const third = await ann.connect();
    await replaced(first);
    for (const each of [second, third]) await each.request('sync:pull', { after: 0 });
    assert.deepEqual(second.told('connection:closed'), []);
  });

  it('are bounded for all sessions of a user together, and for no other user', async () => {
    const [ann, bob] = await people(2);
    const laptop = await ann.login();
    const others = await bob.connect();
    bounds({ user: 1 });
    const onPhone = await ann.connect();
    const onLaptop = await laptop.connect();
    await replaced(onPhone);
    for (const each of [onLaptop, others]) await each.request('sync:pull', { after: 0 });
  });
});

describe('a connection that is let in', () => {
  it('keeps no more of its request than says where its client is and which language it wants', async () => {
    const ann = await person();
    await ann.connect({
      headers: { 'accept-language': 'zh', cookie: 'x'.repeat(4000), 'x-forwarded-for': '10.1.2.3' },
    });
    const { conn, handshake, request } = socketOf(ann);
    assert.deepEqual(Object.keys(request.headers).sort(), ['accept-language', 'host', 'x-forwarded-for']);
    assert.equal(handshake.headers, request.headers);
    const ctx = contextOf(app, { request });
    assert.equal(ctx.localeFor(), 'zh-cn');
    assert.equal(ctx.address, app.connections.addressOf(conn), 'another namespace would count it as the same');
  });
});

describe('connections of one address', () => {
  const sockets: WebSocket[] = [];
  /** Opens a connection that does not come to /im; resolves with whether it is let in. */
  const knock = (address: string): Promise<boolean> => {
    const headers = { 'x-forwarded-for': address };
    const socket = new WebSocket(`${url()}/socket.io/?EIO=4&transport=websocket`, { headers });
    sockets.push(socket);
    return new Promise(resolve => {
      // The first packet comes when the connection is there.
      socket.on('message', () => resolve(true));
      socket.on('error', () => resolve(false));
    });
  };

  beforeEach(() => behindProxies(1));
  afterEach(() => {
    for (const each of sockets.splice(0)) each.close();
  });

  it('are refused past the bound, and those of others are not', async () => {
    bounds({ address: 2 });
    assert.deepEqual([await knock('203.0.113.50'), await knock('203.0.113.50')], [true, true]);
    assert.equal(await knock('203.0.113.50'), false);
    assert.equal(await knock('203.0.113.51'), true);
  });

  it('are refused when they come too fast, and those of others are not', async () => {
    await limit({ connects: 2 });
    const address = '203.0.113.53';
    assert.deepEqual(await Promise.all([1, 2, 3].map(() => knock(address))), [true, true, false]);
    assert.equal(await knock('203.0.113.54'), true);
    await sleep(1000);
    assert.equal(await knock(address), true);
  });

  it('are bounded while nobody has logged in, and free again when somebody has', async () => {
    const ann = await person();
    bounds({ strangers: 1 });
    const headers = { 'x-forwarded-for': '203.0.113.52' };
    await ann.connect({ headers });
    await ann.connect({ headers });
    assert.equal(await knock('203.0.113.52'), true);
    assert.equal(await knock('203.0.113.52'), false);
  });
});

describe('a handshake', () => {
  it('that is larger than credentials are is refused', async () => {
    const ann = await person();
    await refused(ann.connect({ auth: { junk: 'x'.repeat(250_000) } }), 'TOO_LARGE');
    await refused(ann.connect({ auth: { junk: Array.from({ length: 3000 }, () => []) } }), 'TOO_LARGE');
  });

  it('is forgotten but for the place it names', async () => {
    const ann = await person();
    await ann.connect({ auth: { junk: 'x'.repeat(100) }, after: 0 });
    const { auth, query } = socketOf(ann).handshake;
    assert.deepEqual([auth, query], [{ after: 0 }, {}]);
  });
});
