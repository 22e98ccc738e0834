import assert from 'node:assert/strict';
import { until } from 'egg-im-client';
import { people } from '../support/person';
import { clientOf } from '../support/sdk';

describe('the client', () => {
  it('sends a message, which both see, and tells the sender when it is read', async () => {
    const [ann, ben] = await people(2);
    const [anns, bens] = [await clientOf(ann), await clientOf(ben)];
    const { conversationId, seq } = await anns.send({
      to: { userId: ben.id },
      type: 'text',
      content: { text: 'Hello' },
    });
    const [shown] = await until(bens.conversations, each => each[0]?.peerId === ann.id);
    assert.equal(shown.unread, 1);
    const { messages } = await until(bens.messages({ conversationId }), each => each.messages.length === 1);
    assert.deepEqual(messages[0].content, { text: 'Hello' });
    await bens.read(conversationId, seq);
    await until(bens.unread, each => each.total === 0);
    await until(anns.conversation(conversationId), each => each?.receipt?.readSeq === seq);
  });
});
