import assert from 'node:assert/strict';
import { redis as redisWay, mysql as mysqlWay } from '../support/network';
import { ask, people, text } from '../support/person';
import { Refusal, refused } from '../support/refusal';
import { app, connectedProcess, count, mm, otherProcess } from '../support/service';
import { draftOf } from '../support/writer';

/** The service logs an outage as the errors it consists of; here they are no news. */
function hush(): void {
  for (const logger of [app.logger, app.coreLogger]) {
    mm(logger, 'error', () => undefined);
    mm(logger, 'warn', () => undefined);
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** As a client does it: again, while the refusal says that this may help. The pools still hold some dead connections. */
async function persistently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Refusal && error.failure.retryable) || tries === 20) throw error;
    }
  }
}

describe('without Redis', () => {
  const ready = async () => {
    if (app.redis.status !== 'ready') await new Promise(resolve => app.redis.once('ready', resolve));
  };

  beforeEach(async () => {
    hush();
    const closed = new Promise(resolve => app.redis.once('close', resolve));
    redisWay.cut();
    await closed;
  });

  afterEach(async () => {
    redisWay.restore();
    await ready();
  });

  it('messages are stored and acked, and reach the devices of the same process at once', async () => {
    const [ann, bob] = await people(2);
    const [sender, client] = [await ann.connect(), await bob.connect()];
    const { conversationId } = await sender.send({ to: { userId: bob.id }, ...text('hello') });
    await client.first('sync:push');
    await client.reaches(1);
    await client.request('conversation:read', { conversationId, seq: 1 });
    await client.request('sync:ack', { syncSeq: 1 });
    await ann.ask('group.create', { body: { name: 'Us', memberIds: [bob.id] } });
    await client.reaches(3);
  });

  it('people log in, are replaced, and log out', async () => {
    const [ann] = await people(1);
    const client = await ann.connect();
    const again = await ann.login({ deviceId: ann.deviceId });
    assert.deepEqual(await client.first('session:closed'), { reason: 'replaced' });
    await client.closed();
    await again.ask('auth.logout');
    await refused(ann.login({ password: 'wrong password' }), 'WRONG_CREDENTIALS');
  });

  it('messages of another process come by a look at the stream, and by push again once it is back', async () => {
    const [ann, bob] = await people(2);
    const client = await bob.connect();
    const { conversationId } = await ann.ask('message.send', { body: { to: { userId: bob.id }, ...text('one') } });
    await otherProcess().engine.writer.send(draftOf(ann, conversationId));
    await client.reaches(2);

    redisWay.restore();
    await ready();
    const { engine } = await connectedProcess();
    // The service subscribes anew in its own time: until then it is the look that brings the messages.
    for (let last = 3; client.told('sync:push').length === 1; last++) {
      assert.ok(last < 20, 'pushes do not come back');
      await engine.writer.send(draftOf(ann, conversationId));
      await client.reaches(last);
    }
  });
});

describe('without MySQL', () => {
  beforeEach(hush);

  afterEach(async () => {
    mysqlWay.restore();
    // The pools throw their dead connections away as they find them.
    for (let tries = 0; tries < 50; tries++) if (await count('user').catch(() => undefined)) return;
    assert.fail('the service does not find back to its database');
  });

  for (const how of ['cut', 'hang'] as const) {
    it(`a send is refused within five seconds when the server ${how === 'cut' ? 'is gone' : 'hangs'}, and nothing is acked`, async () => {
      const [ann, bob] = await people(2);
      const [sender, client] = [await ann.connect(), await bob.connect()];
      const { conversationId } = await sender.send({ to: { userId: bob.id }, ...text('one') });
      const lost = text('lost');
      mysqlWay[how]();
      const took = await timed(() =>
        Promise.all([
          refused(sender.send({ conversationId, ...lost }), 'UNAVAILABLE'),
          refused(sender.send({ conversationId, ...text('too') }), 'UNAVAILABLE'),
          refused(client.request('sync:pull', { after: 0 }), 'UNAVAILABLE'),
          refused(client.request('conversation:read', { conversationId, seq: 1 }), 'UNAVAILABLE'),
          refused(client.request('sync:ack', { syncSeq: 1 }), 'UNAVAILABLE'),
        ]),
      );
      assert.ok(took < 5000, `${took} ms`);

      mysqlWay.restore();
      const sent = await persistently(() => sender.send({ conversationId, ...lost }));
      assert.deepEqual([sent.seq, await count('message WHERE client_msg_id = :clientMsgId', lost)], [2, 1]);
      await client.reaches(2);
    });

    it(`a REST call is refused within five seconds when the server ${how === 'cut' ? 'is gone' : 'hangs'}`, async () => {
      const [ann, bob] = await people(2);
      const body = { to: { userId: bob.id }, ...text('lost') };
      mysqlWay[how]();
      const took = await timed(() =>
        Promise.all([
          refused(ann.ask('message.send', { body }), 'UNAVAILABLE'),
          refused(ann.ask('conversation.index'), 'UNAVAILABLE'),
          refused(ann.login(), 'UNAVAILABLE'),
          refused(ask('auth.register', { body: { account: 'x', password: 'long enough', name: 'x' } }), 'UNAVAILABLE'),
        ]),
      );
      assert.ok(took < 5000, `${took} ms`);
      mysqlWay.restore();
      assert.equal((await persistently(() => ann.ask('message.send', { body }))).seq, 1);
    });
  }

  it('a device that connects meanwhile is let in when it is back', async () => {
    const [ann] = await people(1);
    mysqlWay.cut();
    const connecting = ann.connect({ reconnection: true });
    await refused(ann.ask('user.me'), 'UNAVAILABLE');
    mysqlWay.restore();
    const client = await connecting;
    await client.request('sync:pull', { after: 0 });
  });
});
