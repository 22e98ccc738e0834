import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import WebSocket, { WebSocketServer } from 'ws';
import type { HeldBounds } from '../../app/io/held';
import { bufferSocket, type BufferedSocket } from '../../app/io/buffer_socket';
import { mm } from '../support/service';

/** More than the system takes by itself for one who does not read. */
const MUCH = 1 << 24;
const ROOMY: HeldBounds = { connection: 4 * MUCH, all: 100 * MUCH };

/** Both ends of a plain WebSocket. */
interface Ends {
  readonly client: WebSocket;
  readonly served: WebSocket;
  readonly buffered: BufferedSocket;
}

describe('a plain WebSocket that the service writes to', () => {
  let server: WebSocketServer;

  before(async () => {
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
  });

  afterEach(() => {
    for (const each of server.clients) each.terminate();
  });

  after(() => server.close());

  const open = async (bounds: HeldBounds): Promise<Ends> => {
    const accepted = once(server, 'connection') as Promise<[WebSocket]>;
    const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const [[served]] = await Promise.all([accepted, once(client, 'open')]);
    return { client, served, buffered: bufferSocket(served, bounds) };
  };

  /** Gives it more than the system takes, while the other side does not read. */
  const fill = async (bounds: HeldBounds): Promise<Ends> => {
    const ends = await open(bounds);
    ends.client.pause();
    ends.buffered.send('x'.repeat(MUCH));
    return ends;
  };

  it('is given what it is sent, in order, and says when all of it is on its way', async () => {
    const { client, buffered } = await open(ROOMY);
    const texts: string[] = [];
    const last = new Promise<void>(resolve => {
      client.on('message', (data: Buffer) => {
        texts.push(data.toString());
        if (texts.length === 3) resolve();
      });
    });
    for (const each of ['one', 'two', 'three']) buffered.send(each);
    await buffered.delivery.sent();
    await last;
    assert.deepEqual(texts, ['one', 'two', 'three']);
    await buffered.delivery.sent();
  });

  it('has not been sent what it does not read, until it does', async () => {
    const { client, served, buffered } = await fill(ROOMY);
    let isSent = false;
    const sent = buffered.delivery.sent().then(() => (isSent = true));
    const ping = once(client, 'message');
    assert.ok(served.bufferedAmount > 0);
    await new Promise(setImmediate);
    assert.equal(isSent, false);
    client.resume();
    await ping;
    await sent;
    assert.equal(served.readyState, WebSocket.OPEN);
  });

  it('is cut off when it is given more while it holds back more than its bound, and not before', async () => {
    const { served, buffered } = await fill({ ...ROOMY, connection: MUCH - 1 });
    assert.equal(served.readyState, WebSocket.OPEN, 'what makes it too much is still given');
    const closed = once(served, 'close');
    buffered.send('one more');
    await closed;
    // Nobody waits for what nobody will read.
    await buffered.delivery.sent();
  });

  it('may hold as much as its bound', async () => {
    const { client, served, buffered } = await fill({ ...ROOMY, connection: MUCH });
    buffered.send('one more');
    const received = new Promise(resolve => client.on('message', (data: Buffer) => data.length === 8 && resolve(data)));
    client.resume();
    await received;
    assert.equal(served.readyState, WebSocket.OPEN);
  });

  it('is cut off for what all together hold when it reads nothing for a while, and one that reads is not', async () => {
    const bounds = { ...ROOMY, all: MUCH - 1 };
    const slow = await fill(bounds);
    slow.buffered.send('at once it may be only busy');
    const quick = await open(bounds);
    assert.equal(slow.served.readyState, WebSocket.OPEN);
    const now = performance.now();
    mm(performance, 'now', () => now + 3000);
    const [closed, heard] = [once(slow.served, 'close'), once(quick.client, 'message')];
    quick.buffered.send('still here');
    slow.buffered.send('one more');
    await closed;
    assert.equal(String((await heard)[0]), 'still here');
  });

  it('gives back what it has held when it ends, so that others have room', async () => {
    const bounds = { ...ROOMY, all: MUCH };
    const [gone, other] = [await fill(bounds), await fill(bounds)];
    const closed = once(gone.served, 'close');
    gone.buffered.delivery.cut();
    await closed;
    const now = performance.now();
    mm(performance, 'now', () => now + 3000);
    other.buffered.send('');
    assert.equal(other.served.readyState, WebSocket.OPEN);
  });

  it('is given nothing when it is closed', async () => {
    const { client, served, buffered } = await open(ROOMY);
    const closed = once(served, 'close');
    client.close();
    await closed;
    buffered.send('too late');
    await buffered.delivery.sent();
  });
});
