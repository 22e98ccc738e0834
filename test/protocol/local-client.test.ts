import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { failureOf, LocalClient, Refused } from '../../app/protocol/local_client';
import { AppError } from '../../app/schema/errors';
import { localClient, localSocketsOf, outsideFor } from '../support/local_client';
import { people, person, text } from '../support/person';
import { Refusal, refused, type Failure } from '../support/refusal';
import { app, mm, socketOf } from '../support/service';

/** As the tests know a refusal. */
function told(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.catch((error: unknown) => {
    throw error instanceof Refused ? new Refusal(error.failure as Failure) : error;
  });
}

const CHINESE = /[一-鿿]/;

describe('a client of /im within the process', () => {
  it('is let in with a token, as its user', async () => {
    const ann = await person();
    const { actor, isOpen } = await localClient(ann);
    assert.deepEqual(
      [actor.userId, actor.deviceId, actor.app, isOpen],
      [Number(ann.id), ann.deviceId, 'default', true],
    );
  });

  it('is refused as any other is, in the language that it names, and leaves nothing', async () => {
    const ann = await person();
    const outside = await outsideFor(ann);
    const { size } = app.io.of('/im').sockets;
    const enter = app.connections.enter.bind(app.connections);
    const entered: Parameters<typeof enter>[0][] = [];
    mm(app.connections, 'enter', (connection: (typeof entered)[0]) => {
      entered.push(connection);
      enter(connection);
    });
    const sentences = [];
    for (const lang of ['en', 'zh']) {
      const attempt = LocalClient.connect(app, outside, { token: 'x', lang });
      sentences.push((await refused(told(attempt), 'UNAUTHENTICATED')).message);
    }
    assert.notEqual(sentences[0], sentences[1]);
    const { accessToken: token } = ann.session;
    for (const wrong of [{ token, deviceId: 'another' }, {}])
      await refused(told(LocalClient.connect(app, outside, wrong)), 'UNAUTHENTICATED');
    assert.equal(app.io.of('/im').sockets.size, size);
    assert.deepEqual(
      entered.map(({ readyState }) => readyState),
      ['closed', 'closed', 'closed', 'closed'],
    );
  });

  it('gets the answer of each of many calls at once', async () => {
    const [ann, bob] = await people(2);
    const client = await localClient(ann);
    const names = Array.from({ length: 50 }, (_, index) => `Group ${index}`);
    const groups = await Promise.all(names.map(name => client.call('group.create', { name, memberIds: [bob.id] })));
    assert.deepEqual(
      groups.map(({ name }) => name),
      names,
    );
    assert.equal(new Set(groups.map(({ id }) => id)).size, names.length);
  });

  it('is refused a call with the failure of its ack, which is told on as it is', async () => {
    const [ann, bob] = await people(2);
    const client = await localClient(ann, { lang: 'zh' });
    await bob.call('block.create', { userId: ann.id });
    const message = {
      to: { userId: bob.id },
      clientMsgId: randomUUID(),
      type: 'text',
      content: { text: 'hi' },
    } as const;
    const failure = await refused(told(client.call('message.send', message)), 'BLOCKED');
    assert.match(failure.message, CHINESE);
    assert.equal(failureOf(app, new Refused(failure), 'en-us'), failure);
    // What did not come from /im is said in the language that is asked for.
    assert.match(failureOf(app, new AppError('BUSY'), 'zh-cn').message, CHINESE);
    assert.doesNotMatch(failureOf(app, new AppError('BUSY'), 'en-us').message, CHINESE);
    assert.equal(failureOf(app, new Error('SELECT secret FROM user'), 'en-us').code, 'INTERNAL');
  });

  it('hears what the server tells it', async () => {
    const [ann, bob] = await people(2);
    const client = await localClient(bob);
    const told = new Promise<number>(resolve => {
      client.on('sync:push', ({ entries }) => resolve(entries.length));
    });
    await ann.ask('message.send', { body: { to: { userId: bob.id }, ...text('hello') } });
    assert.equal(await told, 1);
  });
});

describe('the end of a client within the process', () => {
  it('ends the calls that are under way, and all later ones at once', async () => {
    const ann = await person();
    const client = await localClient(ann);
    const [socket] = localSocketsOf(ann);
    // Its answers do not arrive any more.
    mm(socket.conn, 'write', () => undefined);
    const underWay = [client.call('sync.pull', { after: 0 }), client.call('conversation.index', { limit: 1 })];
    client.close();
    for (const each of underWay) await assert.rejects(each, { code: 'UNAVAILABLE' });
    await assert.rejects(client.call('sync.pull', { after: 0 }), { code: 'UNAVAILABLE' });
    assert.equal(client.isOpen, false);
  });

  it('is told once, and the server lets go of it', async () => {
    const ann = await person();
    const client = await localClient(ann);
    const [socket] = localSocketsOf(ann);
    let ends = 0;
    client.onClose(() => ends++);
    socket.conn.on('close', () => ends++);
    client.close();
    client.close();
    assert.equal(ends, 2, 'once on either side');
    assert.equal(socket.connected, false);
    assert.deepEqual(localSocketsOf(ann), []);
    assert.equal(socketOf(ann).connected, true, 'the connection that it has come by is not its own');
  });

  it('comes with its session', async () => {
    const ann = await person();
    const client = await localClient(ann);
    const closed = new Promise<string>(resolve => client.on('session:closed', ({ reason }) => resolve(reason)));
    const ended = new Promise<void>(resolve => client.onClose(resolve));
    await ann.ask('auth.logout');
    assert.equal(await closed, 'logout');
    await ended;
    assert.equal(client.isOpen, false);
  });

  it('may come before it is let in', async () => {
    const ann = await person();
    const outside = await outsideFor(ann);
    const begin = app.connections.enter.bind(app.connections);
    mm(app.connections, 'enter', (connection: Parameters<typeof begin>[0]) => {
      begin(connection);
      connection.close();
    });
    const { accessToken: token } = ann.session;
    await assert.rejects(LocalClient.connect(app, outside, { token }), { code: 'UNAVAILABLE' });
  });

  it('is that of one alone that is sent what it can not read', async () => {
    const [ann, bob] = await people(2);
    const [client, other] = [await localClient(ann), await localClient(bob)];
    const [{ conn }] = localSocketsOf(ann);
    const failed = once(conn, 'error');
    (conn as unknown as { write(packet: string): void }).write('9 is no kind of packet');
    assert.ok((await failed)[0] instanceof Error);
    assert.deepEqual([client.isOpen, other.isOpen], [false, true]);
    assert.equal((await other.call('user.me', {})).id, bob.id);
  });
});
