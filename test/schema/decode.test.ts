import { Type } from '@sinclair/typebox';
import assert from 'node:assert/strict';
import { Closed, Id } from '../../app/schema/common';
import { decoderOf, decoderOfAll } from '../../app/schema/decode';
import { byConversation } from '../../app/schema/calls/call';
import { CreateGroup } from '../../app/schema/group';
import { EditMessage, ForwardMessages, PostMessage, SendMessage } from '../../app/schema/message';
import { SearchMessages } from '../../app/schema/search';
import { SendNotice } from '../../app/schema/notice';
import { ListPeople } from '../../app/schema/person';
import { Watch } from '../../app/schema/presence';
import { Login } from '../../app/schema/user';
import { validate } from '../../app/schema/validate';

const UUID = '0f0e0d0c-0b0a-4909-8807-060504030201';

describe('decoding', () => {
  it('makes numbers of ids, wherever in an object they are', () => {
    const forward = { from: { conversationId: '7', seqs: [1, 2] }, to: { userId: '8' }, clientMsgIds: [UUID, UUID] };
    assert.deepEqual(decoderOf(ForwardMessages)?.(forward), {
      from: { conversationId: 7, seqs: [1, 2] },
      to: { userId: 8 },
      clientMsgIds: [UUID, UUID],
    });
    assert.deepEqual(decoderOf(Watch)?.({ userIds: ['1', '9007199254740991'] }), { userIds: [1, 9007199254740991] });
    assert.deepEqual(decoderOf(CreateGroup)?.({ name: '5', memberIds: ['6'] }), { name: '5', memberIds: [6] });
    assert.deepEqual(decoderOf(EditMessage)?.({ content: { text: '1' }, mentions: ['2'] }), {
      content: { text: '1' },
      mentions: [2],
    });
  });

  it('leaves out what is left out, and what only looks like an id', () => {
    const message = { clientMsgId: UUID, type: 'custom', content: { conversationId: '1', mentions: ['2'] }, extra: {} };
    const sent = { ...message, conversationId: '3', extra: { userId: '4' } };
    assert.deepEqual(decoderOf(SendMessage)?.(structuredClone(sent)), { ...sent, conversationId: 3 });
    assert.deepEqual(decoderOf(SearchMessages)?.({ q: '12', limit: 20 }), { q: '12', limit: 20 });
    assert.deepEqual(decoderOf(SearchMessages)?.({ q: '12', senderId: '3', limit: 20 }), {
      q: '12',
      senderId: 3,
      limit: 20,
    });
  });

  it('goes by the variant that a message says it is', () => {
    for (const [type, content] of [
      ['text', { text: 'hello' }],
      ['location', { latitude: 1, longitude: 2 }],
    ] as const) {
      const sent = { to: { userId: '5' }, clientMsgId: UUID, type, content, mentions: ['6', '7'] };
      const decoded = decoderOf(SendMessage)?.(validate(SendMessage, sent));
      assert.deepEqual(decoded, { to: { userId: 5 }, clientMsgId: UUID, type, content, mentions: [6, 7] });
    }
  });

  it('goes by the variant that fits, where none is named', () => {
    const notice = { clientMsgId: UUID, title: '1', text: '2' };
    assert.deepEqual(decoderOf(SendNotice)?.({ ...notice, to: 'all' }), { ...notice, to: 'all' });
    assert.deepEqual(decoderOf(SendNotice)?.({ ...notice, to: { userIds: ['3'] } }), {
      ...notice,
      to: { userIds: [3] },
    });
    const decode = decoderOf(Closed({ owner: Type.Union([Closed({ id: Id }), Type.Null()]) }))!;
    assert.deepEqual(decode({ owner: { id: '1' } }), { owner: { id: 1 } });
    assert.deepEqual(decode({ owner: null }), { owner: null });
  });

  it('is not to be done where there are no ids, and cursors are none', () => {
    for (const schema of [Login, ListPeople, Type.Array(Type.String()), Type.Union([Type.Null(), Type.Literal('1')])]) {
      assert.equal(decoderOf(schema), undefined);
    }
  });

  it('takes the parts of a call together, which its input has side by side', () => {
    const post = { conversationId: '1', clientMsgId: UUID, type: 'text', content: { text: 'hi' }, mentions: ['2'] };
    assert.deepEqual(decoderOfAll([byConversation, PostMessage])(post), { ...post, conversationId: 1, mentions: [2] });
    assert.deepEqual(decoderOfAll([Login])({ account: '1' }), { account: '1' });
  });
});
