import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { assertAlive, pair, sendRaw } from '../support/packets';
import { person, text } from '../support/person';
import { assertFailure, refused } from '../support/refusal';
import { app, storesNothing } from '../support/service';

describe('a packet is refused', () => {
  it('when a field is of the wrong type, missing, or unknown', async () => {
    const { bob, client, conversationId } = await pair();
    const good = { conversationId, ...text('hi') };
    const without = (key: string) => Object.fromEntries(Object.entries(good).filter(([name]) => name !== key));
    const bad: unknown[] = [
      ...['clientMsgId', 'type', 'content'].map(without),
      { ...good, conversationId: Number(conversationId) },
      { ...good, conversationId: 'x' },
      { ...good, conversationId: `${conversationId} OR 1=1` },
      { ...good, conversationId: '-1' },
      { ...good, conversationId: { $gt: '' } },
      { ...good, clientMsgId: 'not-a-uuid' },
      { ...good, clientMsgId: `${good.clientMsgId}'` },
      { ...good, content: 'hi' },
      { ...good, replyTo: '1' },
      { ...good, replyTo: 0 },
      { ...good, mentions: bob.id },
      { ...good, mentions: Array.from({ length: 101 }, (_, index) => String(index + 1)) },
      { ...good, extra: [] },
      { ...good, extra: 'x' },
      { ...good, senderId: bob.id },
      { ...good, seq: 1 },
      { ...good, sentAt: new Date().toISOString() },
      { ...text('hi'), to: bob.id },
      { ...text('hi'), to: {} },
      { ...text('hi'), to: { userId: bob.id, name: 'x' } },
      ...[null, 'x', 1, true, [], [good], undefined],
    ];
    await storesNothing(async () => {
      for (const payload of bad) {
        const { details } = await refused(client.acked('message:send', payload), 'INVALID_INPUT');
        assert.ok(Array.isArray(details) && details.length > 0, 'it says what is wrong');
      }
    });
    await assertAlive(client, conversationId);
  });

  it('when it names both a conversation and a user, or neither', async () => {
    const { bob, client, conversationId } = await pair();
    await storesNothing(async () => {
      await refused(client.send({ conversationId, to: { userId: bob.id }, ...text('x') }), 'INVALID_INPUT');
      await refused(client.send(text('x')), 'INVALID_INPUT');
    });
  });

  it('when there is no such conversation or user, or the sender is not in it', async () => {
    const { client, conversationId } = await pair();
    const eve = await (await person()).connect();
    await storesNothing(async () => {
      await refused(client.send({ conversationId: '99', ...text('x') }), 'CONVERSATION_NOT_FOUND');
      await refused(client.send({ to: { userId: '99' }, ...text('x') }), 'USER_NOT_FOUND');
      await refused(eve.send({ conversationId, ...text('x') }), 'NOT_A_MEMBER');
    });
  });

  it('when a text, an extra or any content is over its limit in bytes', async () => {
    const { client, conversationId } = await pair();
    const { textMaxBytes, extraMaxBytes, contentMaxBytes } = app.config.im;
    const custom = (length: number) => ({
      clientMsgId: randomUUID(),
      type: 'custom',
      content: { x: 'x'.repeat(length - '{"x":""}'.length) },
    });
    const withExtra = (length: number) => ({ ...text('hi'), extra: { x: 'x'.repeat(length - '{"x":""}'.length) } });
    await storesNothing(async () => {
      for (const [path, limit, draft] of [
        ['content.text', textMaxBytes, text('x'.repeat(textMaxBytes + 1))],
        ['content.text', textMaxBytes, text('好'.repeat(Math.ceil(textMaxBytes / 3) + 1))],
        ['extra', extraMaxBytes, withExtra(extraMaxBytes + 1)],
        ['content', contentMaxBytes, custom(contentMaxBytes + 1)],
      ] as const) {
        const { details } = await refused(client.send({ conversationId, ...draft }), 'TOO_LARGE');
        const { path: told, limit: most, size } = details as { path: string; limit: number; size: number };
        assert.deepEqual([told, most], [path, limit]);
        assert.ok(size > limit);
      }
    });
    for (const draft of [text('x'.repeat(textMaxBytes)), withExtra(extraMaxBytes), custom(contentMaxBytes)]) {
      await client.send({ conversationId, ...draft });
    }
  });

  it('when it carries bytes where JSON belongs', async () => {
    const { client, conversationId } = await pair();
    const bytes = Buffer.from('hello');
    const custom = { clientMsgId: randomUUID(), type: 'custom' };
    await storesNothing(async () => {
      for (const payload of [
        bytes,
        { conversationId, ...text('x'), content: bytes },
        { conversationId, ...text('x'), content: { text: bytes } },
        { conversationId, ...custom, content: bytes },
        { conversationId, ...custom, content: { nested: [{ bytes }] } },
        { conversationId, ...text('x'), extra: { bytes } },
        { conversationId, ...text('x'), clientMsgId: bytes },
      ]) {
        await refused(client.acked('message:send', payload), 'INVALID_INPUT');
      }
      await refused(client.acked('sync:pull', bytes), 'INVALID_INPUT');
    });
    await assertAlive(client, conversationId);
  });

  it('when it is nested without end', async () => {
    const { client, conversationId } = await pair();
    const deep = (depth: number): object => (depth === 0 ? {} : { deeper: deep(depth - 1) });
    const custom = { conversationId, clientMsgId: randomUUID(), type: 'custom' };
    await storesNothing(async () => {
      for (const depth of [33, 100, 2000]) {
        await refused(client.send({ ...custom, content: deep(depth) }), 'INVALID_INPUT');
        await refused(client.send({ conversationId, ...text('x'), extra: deep(depth) }), 'INVALID_INPUT');
      }
      const arrays = `${'['.repeat(5000)}${']'.repeat(5000)}`;
      const payload = `["message:send",${JSON.stringify({ ...custom, content: { x: 0 } }).replace('0}', `${arrays}}`)}]`;
      assertFailure(await sendRaw(client, payload), 'INVALID_INPUT');
    });
    await assertAlive(client, conversationId);
  });

  it('when a key reaches for a prototype, anywhere', async () => {
    const { client, conversationId } = await pair();
    const top = JSON.stringify({ conversationId, ...text('x') });
    const custom = (content: string) =>
      `{"conversationId":"${conversationId}","clientMsgId":"${randomUUID()}","type":"custom","content":${content}}`;
    await storesNothing(async () => {
      for (const key of ['__proto__', 'constructor', 'prototype']) {
        for (const payload of [
          top.replace('{', `{"${key}":{"polluted":1},`),
          top.replace('{"text"', `{"${key}":{"polluted":1},"text"`),
          top.replace(/}$/, `,"extra":{"a":[{"${key}":{"polluted":1}}]}}`),
          custom(`{"${key}":{"polluted":1}}`),
          custom(`{"a":{"b":[{"${key}":1}]}}`),
        ]) {
          assertFailure(await sendRaw(client, `["message:send",${payload}]`), 'INVALID_INPUT');
          await refused(client.send(JSON.parse(payload) as object), 'INVALID_INPUT');
        }
      }
    });
    assert.equal(({} as { polluted?: number }).polluted, undefined);
    await assertAlive(client, conversationId);
  });

  it('when its event is none of ours', async () => {
    const { client, conversationId } = await pair();
    const events = ['message:recal', 'push', 'toString', 'constructor', '__proto__', 'hasOwnProperty', '', 'sync:push'];
    await storesNothing(async () => {
      for (const event of events) await refused(client.acked(event, {}), 'UNKNOWN_EVENT');
      assertFailure(await sendRaw(client, '["no:such",{"a":1}]'), 'UNKNOWN_EVENT');
    });
    await assertAlive(client, conversationId);
  });

  it('when the other events are given nonsense', async () => {
    const { client, conversationId } = await pair();
    const bad: Record<string, unknown[]> = {
      'sync:pull': [undefined, null, {}, { after: '1' }, { after: 0, limit: 0 }, { after: 0, x: 1 }, []],
      'sync:ack': [undefined, {}, { syncSeq: '1' }, { syncSeq: -1 }, { syncSeq: 1, deviceId: 'x' }],
      'conversation:read': [
        undefined,
        {},
        { conversationId },
        { conversationId, seq: 0 },
        { conversationId: 1, seq: 1 },
      ],
    };
    for (const [event, payloads] of Object.entries(bad)) {
      for (const payload of payloads) await refused(client.acked(event, payload), 'INVALID_INPUT');
      await refused(client.acked(event), 'INVALID_INPUT');
    }
    await assertAlive(client, conversationId);
  });
});
