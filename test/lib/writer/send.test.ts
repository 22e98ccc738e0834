import assert from 'node:assert/strict';
import { conflictWith, isResend, type Send } from '../../../app/lib/writer/send';
import type { StoredMessage } from '../../../app/lib/message/row';

const at = new Date('2026-01-31T09:30:00.000Z');

const send: Send = {
  app: 'default',
  conversationId: 5,
  senderId: 7,
  clientMsgId: '0d6ba6b6-0f0c-4b0a-8a37-0a5b9d2b2d11',
  type: 'text',
  content: '{"text":"hello"}',
  replyTo: 2,
  mentions: [8, 9],
  mentionAll: false,
  extra: '{"mood":"calm","cups":2}',
};

const stored: StoredMessage = {
  ...send,
  seq: 3,
  senderVersion: 0,
  mentions: '["8","9"]',
  sentAt: at,
  editedAt: null,
  recalledAt: null,
  recalledBy: null,
  deletedAt: null,
  syncSeq: 4,
};

describe('a send whose id is known', () => {
  it('is a repetition when it says the same', () => {
    assert.equal(isResend(send, stored), true);
    const plain = { mentions: null, extra: null, replyTo: null, mentionAll: true };
    assert.equal(isResend({ ...send, ...plain, mentions: [] }, { ...stored, ...plain }), true);
  });

  it('is a repetition when its fields are in another order', () => {
    assert.equal(isResend({ ...send, extra: '{"cups":2,"mood":"calm"}' }, stored), true);
  });

  const others: Partial<Send>[] = [
    { conversationId: 6 },
    { type: 'custom' },
    { content: '{"text":"Hello"}' },
    { replyTo: null },
    { replyTo: 1 },
    { mentions: [8] },
    { mentions: [] },
    { mentionAll: true },
    { extra: '{"mood":"calm"}' },
    { extra: null },
  ];
  for (const other of others) {
    it(`is another message with ${JSON.stringify(other)}`, () => {
      assert.equal(isResend({ ...send, ...other }, stored), false);
    });
  }

  it('is another message with an extra where there was none', () => {
    assert.equal(isResend(send, { ...stored, extra: null }), false);
  });

  for (const change of ['editedAt', 'recalledAt', 'deletedAt'] as const) {
    it(`is compared by conversation and type alone when the message has ${change}`, () => {
      const changed = { ...stored, [change]: at, content: '{}' };
      assert.equal(isResend(send, changed), true);
      assert.equal(isResend({ ...send, conversationId: 6 }, changed), false);
      assert.equal(isResend({ ...send, type: 'custom' }, changed), false);
    });
  }

  it('is refused with the message as it was answered', () => {
    const { code, details } = conflictWith(stored);
    const { conversationId, seq, syncSeq } = JSON.parse(JSON.stringify(details)) as Record<string, unknown>;
    assert.deepEqual([code, conversationId, seq, syncSeq], ['CONFLICT', '5', 3, 4]);
  });
});
