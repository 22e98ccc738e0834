import assert from 'node:assert/strict';
import { io as io4 } from 'socket.io-client';
import io2 from 'socket.io-client-2';
import { io as io3 } from 'socket.io-client-3';
import type { Wire } from '../support/client';
import { ask, person } from '../support/person';
import type { Failure } from '../support/refusal';
import { app, url } from '../support/service';

/** The part of a client's manager that the three generations have in common. */
interface Manager {
  on(event: 'close', listener: () => void): unknown;
  /** It does not come back by itself. */
  readonly skipReconnect: boolean;
}
type Managed = Wire & NodeJS.EventEmitter & { readonly io: Manager };

const wires: Wire[] = [];

/** A client that comes back by itself, as all do that are not told otherwise. */
function dial(version: 2 | 3 | 4, namespace: string, credentials: object = {}): Managed {
  const rest = { forceNew: true, reconnectionDelay: 10, transports: ['websocket'] };
  const options = { ...rest, [version === 2 ? 'query' : 'auth']: credentials };
  const make = { 2: io2, 3: io3, 4: io4 }[version] as unknown as (address: string, options: object) => Managed;
  const wire = make(url() + namespace, options);
  wires.push(wire);
  return wire;
}

/** What the next event of that name brings. */
function next<T>(wire: Managed, event: string): Promise<T> {
  return new Promise(resolve => wire.once(event, resolve));
}

/** What a client is told that is refused; resolves when its connection has ended for good. */
async function ended(version: 2 | 3 | 4, wire: Managed): Promise<Failure & { readonly data?: Failure }> {
  const closed = new Promise<void>(resolve => wire.io.on('close', resolve));
  const refusal = await next<Failure & { readonly data?: Failure }>(wire, version === 2 ? 'error' : 'connect_error');
  await closed;
  assert.ok(wire.io.skipReconnect, 'it does not come back');
  return refusal;
}

describe('a client that is not let in', () => {
  afterEach(() => {
    for (const wire of wires.splice(0)) wire.disconnect();
  });

  for (const version of [2, 3, 4] as const) {
    it(`does not come back by itself when it is of ${version}.x and its token is no good`, async () => {
      const { data, code } = await ended(version, dial(version, '/im', { token: 'x' }));
      assert.equal(data?.code ?? code, 'UNAUTHENTICATED');
    });

    it(`is told which namespace to use instead of an unknown one when it is of ${version}.x`, async () => {
      const { data, message } = await ended(version, dial(version, '/chat'));
      assert.deepEqual([message, data?.code, data?.details], ['NOT_FOUND', 'NOT_FOUND', { namespace: '/im' }]);
    });
  }

  for (const version of [3, 4] as const) {
    it(`is told so at / when it is of ${version}.x`, async () => {
      const { data } = await ended(version, dial(version, '/'));
      assert.deepEqual([data?.code, data?.details], ['NOT_FOUND', { namespace: '/im' }]);
    });
  }

  it('is told so at / by every answer when it is of 2.x, which enters that by itself', async () => {
    const wire = dial(2, '/');
    const answer = await new Promise<{ ok: boolean; error: Failure }>(resolve =>
      wire.emit('message:send', { to: { userId: '1' } }, resolve),
    );
    assert.deepEqual([answer.ok, answer.error.code, answer.error.details], [false, 'NOT_FOUND', { namespace: '/im' }]);
    wire.emit('message:send', {});
    const { event, error } = await next<{ event: string; error: Failure }>(wire, 'request:failed');
    assert.deepEqual([event, error.code], ['message:send', 'NOT_FOUND']);
  });

  it('is told so a few times, and then disconnected, when it goes on without logging in', async () => {
    const wire = dial(2, '/');
    let told = 0;
    wire.on('request:failed', () => told++);
    const end = next(wire, 'disconnect');
    for (let sent = 0; sent < 100; sent++) wire.emit('hello', sent);
    assert.equal(await end, 'io server disconnect');
    assert.equal(told, 20);
  });

  it('connects anew with a good token after a refusal', async () => {
    const ann = await person();
    const credentials = { token: 'x' };
    const wire = dial(3, '/im', credentials);
    await ended(3, wire);
    Object.assign(credentials, { token: ann.session.accessToken });
    (wire as unknown as { connect(): void }).connect();
    const { head } = await next<{ head: number }>(wire, 'sync:head');
    assert.equal(head, 0);
  });
});

describe('a client that has not connected yet', () => {
  it('asks for the limits without a token', async () => {
    const { textMaxBytes, packetMaxBytes, mediaMaxBytes, groupMaxMembers, ...rest } = await ask('limits.show');
    const { im } = app.config;
    assert.deepEqual(
      [textMaxBytes, packetMaxBytes, mediaMaxBytes, groupMaxMembers],
      [im.textMaxBytes, im.packetMaxBytes, im.mediaMaxBytes, im.groupMaxMembers],
    );
    const names = ['contentMaxBytes', 'editSeconds', 'extraMaxBytes', 'mergedMaxBytes', 'recallSeconds'];
    assert.deepEqual(Object.keys(rest).sort(), names);
  });
});
