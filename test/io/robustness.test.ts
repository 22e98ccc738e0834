import assert from 'node:assert/strict';
import type { ErrorCode } from '../../app/schema/errors';
import { assertAlive, pair, writeRaw } from '../support/packets';
import { person, text } from '../support/person';
import { assertFailure, refused, type Failure } from '../support/refusal';
import { app, storesNothing } from '../support/service';

describe('an event without an ack callback', () => {
  it('is told its refusal by an event of its own', async () => {
    const { client, conversationId } = await pair();
    const cases: [string, unknown, ErrorCode][] = [
      ['message:send', { conversationId, ...text('x'), type: 'smell' }, 'INVALID_INPUT'],
      ['message:send', { conversationId: '99', ...text('x') }, 'CONVERSATION_NOT_FOUND'],
      ['no:such', {}, 'UNKNOWN_EVENT'],
      ['sync:pull', undefined, 'INVALID_INPUT'],
    ];
    await storesNothing(async () => {
      for (const [index, [event, payload, code]] of cases.entries()) {
        client.wire.emit(event, payload);
        const failed = await client.until(() => client.told('request:failed').at(index), 'request:failed');
        assert.equal(failed.event, event);
        assertFailure(failed.error as Failure, code);
      }
    });
    await assertAlive(client, conversationId);
  });

  it('is done all the same when it is right', async () => {
    const { client, other, conversationId } = await pair();
    client.wire.emit('message:send', { conversationId, ...text('no ack, please') });
    await other.reaches(2);
    assert.deepEqual(client.told('request:failed'), []);
  });
});

describe('a connection', () => {
  for (const version of [2, 3, 4] as const) {
    it(`of ${version}.x is answered when an event is over the limit, and goes on`, async () => {
      const { ann, conversationId } = await pair();
      const client = await ann.connect({ version });
      const { packetMaxBytes: limit } = app.config.im;
      const large = { conversationId, ...text('x'.repeat(limit)) };
      await storesNothing(async () => {
        const { details } = await refused(client.send(large), 'TOO_LARGE');
        const { size } = details as { size: number };
        assert.deepEqual(details, { path: '/', size, limit });
        assert.ok(size > limit && size < limit + 300);
        client.wire.emit('message:send', large);
        const { event, error } = await client.first('request:failed');
        assert.deepEqual([event, error.code], ['message:send', 'TOO_LARGE']);
      });
      await assertAlive(client, conversationId);
    });
  }

  it('is closed by a packet far over the limit, of which nothing is stored', async () => {
    const { ann, client, conversationId } = await pair();
    await storesNothing(async () => {
      client.wire.emit('message:send', { conversationId, ...text('x'.repeat(app.config.im.packetMaxBytes * 2)) });
      await client.closed();
    });
    const back = await ann.connect();
    await assertAlive(back, conversationId);
  });

  it('is closed by what is no packet, and the service goes on', async () => {
    for (const junk of ['2/im,["', '2/im,{}', '9', '5x-/im,[]', '2/im,["disconnect"]', '2/im,[]', '2/im,[null]']) {
      const { ann, client, conversationId } = await pair();
      await storesNothing(async () => {
        writeRaw(client, junk);
        await client.closed();
      });
      await assertAlive(await ann.connect(), conversationId);
    }
  });

  it('survives a packet without anything in it', async () => {
    const { client, conversationId } = await pair();
    writeRaw(client, '2/im,1');
    assertFailure((await client.first('request:failed')).error as Failure, 'UNKNOWN_EVENT');
    await assertAlive(client, conversationId);
  });

  it('speaks the language that the handshake asks for, or else the one that the browser prefers', async () => {
    const ann = await person();
    const said = async (options: Parameters<typeof ann.connect>[0]) => {
      const client = await ann.connect(options);
      return (await refused(client.acked('no:such', {}), 'UNKNOWN_EVENT')).message;
    };
    assert.equal(await said({}), 'There is no such event.');
    assert.equal(await said({ auth: { lang: 'zh-CN' } }), '没有这个事件。');
    assert.equal(await said({ auth: { lang: 'zh' }, version: 2 }), '没有这个事件。');
    assert.equal(await said({ headers: { 'accept-language': 'en;q=0.5, zh;q=0.9' } }), '没有这个事件。');
    assert.equal(await said({ auth: { lang: 'fr' }, headers: { 'accept-language': 'zh' } }), '没有这个事件。');
    assert.equal(await said({ auth: { lang: 'fr' } }), 'There is no such event.');
    assert.equal(await said({ auth: { lang: { $ne: 1 } } }), 'There is no such event.');
  });
});
