import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Socket as NetSocket } from 'node:net';
import type { Client } from '../support/client';
import { people, text, type Person } from '../support/person';
import { app, connectedProcess, otherProcess, socketOf } from '../support/service';
import { epoch, setBack } from '../support/stream';
import { noticeDraft } from '../support/unit';
import { draftOf } from '../support/writer';

/** The socket below a device's WebSocket, which a device on a bad network does not read from. */
function rawConnectionOf({ wire }: Client): NetSocket {
  const { io } = wire as unknown as { io: { engine: { transport: { ws: { _socket: NetSocket } } } } };
  return io.engine.transport.ws._socket;
}

describe('a push', () => {
  it('reaches devices that are connected to another process', async () => {
    const [ann, bob] = await people(2);
    const client = await bob.connect();
    const { conversationId } = await ann.ask('message.send', { body: { to: { userId: bob.id }, ...text('one') } });
    const { engine } = await connectedProcess();
    await engine.writer.send(draftOf(ann, conversationId));
    await client.until(() => client.told('sync:push')[1], 'the push of the other process');
    assert.equal(client.told('sync:head').length, 1, 'the push itself, not the look for lost ones');
    await client.reaches(2);
  });

  it('that is lost is made good by a look at the stream', async () => {
    const [ann, bob] = await people(2);
    const client = await bob.connect();
    const { conversationId } = await ann.ask('message.send', { body: { to: { userId: bob.id }, ...text('one') } });
    await client.reaches(1);
    // A process whose pushes end with itself, as when it is killed between the commit and the push.
    await otherProcess().engine.writer.send(draftOf(ann, conversationId));
    const began = Date.now();
    await client.reaches(2);
    assert.ok(Date.now() - began < app.config.im.headIntervalMs + 1000);
    assert.deepEqual(client.told('sync:head').at(-1), { head: 2, epoch: await epoch(), first: 1 });
    assert.equal(client.told('sync:push').length, 1);
    assert.deepEqual(
      client.replica.messages.map(each => each.seq),
      [1, 2],
    );
  });

  it('does not hide that the stream was set back: the device is told, and pushes go on', async () => {
    const [ann, bob] = await people(2);
    const client = await bob.connect();
    const { conversationId } = await ann.ask('message.send', { body: { to: { userId: bob.id }, ...text('one') } });
    for (const words of ['two', 'three']) await ann.ask('message.create', { id: conversationId, body: text(words) });
    await client.reaches(3);
    await setBack(bob.id, 1);
    const isBack = () => client.told('sync:head').find(({ head }) => head === 1);
    await client.until(isBack, 'the head of a stream that was set back');
    const { resync, head, entries } = await client.call('sync.pull', { after: 3 });
    assert.deepEqual([resync, head, entries], [true, 1, []]);
    assert.equal(client.told('sync:head').length, 2, 'it is told once');
  });

  it('is not sent when the commit fails, whether of the writer or of a use case', async () => {
    const [ann, bob] = await people(2);
    const client = await bob.connect();
    const { conversationId } = await ann.ask('message.send', { body: { to: { userId: bob.id }, ...text('one') } });
    const { writer, transact } = app.engine;
    // Both fail with their last statements, when all that is to be pushed is known.
    await assert.rejects(writer.send(draftOf(ann, conversationId, { type: 'x'.repeat(1000) })), /type/);
    const useCase = transact(async unit => {
      unit.say((await unit.find(Number(conversationId)))!, [Number(bob.id)], noticeDraft());
      await unit.lockStreams([Number(bob.id)]);
      unit.defer('UPDATE nowhere SET a = 1');
    });
    await assert.rejects(useCase, /nowhere/);
    await ann.ask('message.send', { body: { conversationId, ...text('two') } });
    await client.reaches(2);
    const pushed = client.told('sync:push').flatMap(({ entries }) => entries);
    assert.deepEqual(pushed, client.replica.entries);
    assert.deepEqual(
      client.replica.messages.map(each => each.content),
      [{ text: 'one' }, { text: 'two' }],
    );
  });

  it('and a greeting say where a device stands: the look tells nobody what is known', async () => {
    const [ann, bob, cat, dan] = await people(4);
    const say = (to: Person, words: string) =>
      ann.ask('message.send', { body: { to: { userId: to.id }, ...text(words) } });
    await say(dan, 'before dan comes');
    const clients = await Promise.all([bob, cat, dan].map(each => each.connect()));
    const [b, c, d] = clients;
    const chats = await Promise.all([bob, cat].map(each => say(each, 'pushed')));
    for (const each of [b, c]) await each.reaches(1);
    const { engine } = otherProcess();
    // A push is lost, and the next only when the look has told of it: so it has looked at all devices between them.
    for (const [index, client] of [b, c].entries()) {
      await engine.writer.send(draftOf(ann, chats[index].conversationId));
      await client.reaches(2);
    }
    // What a device was told before is there with the answer.
    for (const client of clients) await client.call('presence.unwatch', { userIds: [ann.id] });
    const heads = (client: Client) => client.told('sync:head').map(({ head }) => head);
    assert.deepEqual([b, c, d].map(heads), [[0, 2], [0, 2], [1]]);
  });

  it('that comes before an earlier one makes the device pull that one', async () => {
    const [ann, bob] = await people(2);
    const [sender, client] = [await ann.connect(), await bob.connect()];
    const { conversationId } = await sender.send({ to: { userId: bob.id }, ...text('one') });
    await client.reaches(1);
    await otherProcess().engine.writer.send(draftOf(ann, conversationId));
    await sender.send({ conversationId, ...text('three') });
    await client.reaches(3);
    assert.deepEqual(
      client.replica.messages.map(each => each.seq),
      [1, 2, 3],
    );
  });

  it('does not wait for a device that takes nothing: it is disconnected', async () => {
    const [ann, bob] = await people(2);
    const [sender, slow, quick] = [await ann.connect(), await bob.connect(), await (await bob.login()).connect()];
    const { conversationId } = await sender.send({ to: { userId: bob.id }, ...text('one') });
    await quick.reaches(1);
    await slow.reaches(1);
    const gone = once(socketOf(bob), 'disconnect', { signal: AbortSignal.timeout(10_000) });
    const connection = rawConnectionOf(slow);
    connection.pause();
    // More than the server holds for a device, on top of what the network takes in for one that does not read.
    const filling = { type: 'custom', content: { filling: 'x'.repeat(15_000) } };
    for (let sent = 0; sent < 20; sent++) {
      const slice = Array.from({ length: 50 }, () =>
        sender.send({ conversationId, ...filling, clientMsgId: randomUUID() }),
      );
      await Promise.all(slice);
    }
    await gone;
    connection.resume();
    await slow.closed();
    await quick.until(() => quick.replica.messages.length >= 1001 || undefined, 'all messages');
    const back = await bob.connect({ after: slow.replica.last });
    await back.reaches(quick.replica.last);
    assert.equal(slow.replica.messages.length + back.replica.messages.length, 1001);
  });
});
