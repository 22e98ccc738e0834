import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Message } from '../../app/schema/message';
import { messageOf, people, person, text } from '../support/person';
import { refused } from '../support/refusal';
import { app } from '../support/service';

/** What is easily broken on its way: quotes and backslashes, control characters, line ends of Unicode, a replacement character. */
const ODD = ['"', '\\', '\\"', '\n\r\t\b\f\0\x1f\x7f', '\u2028\u2029', '\ufffd', '😀 好', '</script>', '7,[]{}', '%s'];

describe('content with odd characters', () => {
  const odd = { text: ODD.join(' ') };
  const custom = { clientMsgId: randomUUID(), type: 'custom', content: { [odd.text]: [odd, [ODD], null, -0.5e-7] } };
  const extra = { [odd.text]: ODD };

  for (const version of [2, 3, 4] as const) {
    it(`arrives unchanged at clients of ${version}.x: in ack, push, first page, pull, and by REST`, async () => {
      const [ann, bob] = await people(2);
      const [sender, receiver] = [await ann.connect({ version }), await bob.connect({ version })];
      const sent: Message[] = [];
      for (const draft of [
        { ...text(odd.text), extra },
        { ...custom, clientMsgId: randomUUID() },
      ]) {
        const message = messageOf(await sender.send({ to: { userId: bob.id }, ...draft }));
        assert.deepEqual(message.content, draft.content);
        sent.push(message);
      }
      assert.deepEqual(sent[0].extra, extra);
      await receiver.reaches(2);
      assert.deepEqual(receiver.replica.messages, sent);
      const { entries } = await (await bob.connect({ version, after: 0 })).first('sync:push');
      const pulled = await receiver.request('sync:pull', { after: 0 });
      assert.deepEqual(entries, pulled.entries);
      assert.deepEqual(
        entries.map(each => each.data),
        receiver.replica.entries.map(each => each.data),
      );
      const { conversationId } = sent[0];
      assert.deepEqual(await receiver.request('message:index', { conversationId, limit: 50 }), sent);
      assert.deepEqual(await bob.call('message.index', { conversationId, limit: 50 }), sent);
      assert.deepEqual((await bob.call('conversation.show', { conversationId })).lastMessage, sent[1]);
      assert.deepEqual((await bob.call('conversation.index', { limit: 50 }))[0].lastMessage, sent[1]);
    });
  }

  it('is kept in what is made of messages: edited, starred, found, forwarded', async () => {
    const [ann, bob] = await people(2);
    const device = await ann.connect();
    const { conversationId, seq } = await device.send({ to: { userId: bob.id }, ...text('plain') });
    const edited = await device.call('message.edit', { conversationId, seq, content: odd });
    assert.deepEqual(edited.content, odd);
    await device.call('message.star', { conversationId, seq, starred: true });
    await device.call('message.react', { conversationId, seq, reaction: '"\\', reacted: true });
    const reactions = [{ reaction: '"\\', count: 1, userIds: [ann.id] }];
    const [star] = await device.call('message.stars', { limit: 50 });
    assert.deepEqual(star.message, { ...edited, reactions });
    assert.deepEqual(await device.call('message.index', { conversationId, limit: 50 }), [{ ...edited, reactions }]);
    assert.deepEqual(await device.call('message.search', { q: '😀', limit: 50 }), [edited]);
    const target = { from: { conversationId, seqs: [seq] }, to: { userId: bob.id } };
    const clientMsgIds = [randomUUID()];
    const [merged] = await device.call('message.forward', { ...target, clientMsgIds, merged: true });
    const { messages } = merged.content as { messages: Message[] };
    assert.deepEqual(messages[0].content, odd);
    const [again] = await ann.call('message.forward', { ...target, clientMsgIds, merged: true });
    assert.deepEqual(again, merged);
  });
});

describe('every answer', () => {
  it('is an ack of one form: a refusal, a list, or nothing', async () => {
    const ann = await person();
    const device = await ann.connect({ version: 2 });
    await refused(device.request('conversation:show', { conversationId: '99' }), 'CONVERSATION_NOT_FOUND');
    assert.deepEqual(await device.request('friend:index', { limit: 10 }), []);
    assert.deepEqual(await device.request('presence:unwatch', { userIds: [ann.id] }), {});
  });

  it('is JSON by REST', async () => {
    const ann = await person();
    await app
      .httpRequest()
      .get('/api/v1/friends')
      .set('authorization', `Bearer ${ann.session.accessToken}`)
      .expect('content-type', 'application/json; charset=utf-8')
      .expect(200, '{"data":[]}');
  });
});
