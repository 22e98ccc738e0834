import assert from 'node:assert/strict';
import { fromRow, toJson, type MessageRow } from '../../../app/lib/message/row';

const at = new Date('2026-01-31T09:30:00.123Z');

/** A text of user 7 that nothing else is known of. */
const row: MessageRow = {
  conversation_id: 5,
  seq: 9,
  client_msg_id: '0d6ba6b6-0f0c-4b0a-8a37-0a5b9d2b2d11',
  sender_id: 7,
  sender_version: 0,
  type: 'text',
  content: '{"text":"hello"}',
  reply_to: null,
  mentions: null,
  mention_all: 0,
  extra: null,
  sent_at: at,
  edited_at: null,
  recalled_at: null,
  recalled_by: null,
  deleted_at: null,
  sync_seq: 3,
};
const plain = {
  conversationId: '5',
  seq: 9,
  clientMsgId: row.client_msg_id,
  senderId: '7',
  type: 'text',
  content: { text: 'hello' },
  sentAt: at.toISOString(),
};
const shown = (given: Partial<MessageRow>) => JSON.parse(toJson(fromRow({ ...row, ...given }))) as unknown;

describe('a stored message as JSON', () => {
  it('has what it has, and no word of what it has not', () => {
    assert.deepEqual(shown({}), plain);
  });

  const parts: readonly (readonly [Partial<MessageRow>, object])[] = [
    [{ sender_id: 0 }, { senderId: undefined }],
    [{ sender_version: 2 }, { senderVersion: 2 }],
    [{ reply_to: 4 }, { replyTo: 4 }],
    [{ mentions: '["8"]' }, { mentions: ['8'] }],
    [{ mention_all: 1 }, { mentionAll: true }],
    [{ extra: '{"a":1}' }, { extra: { a: 1 } }],
    [{ edited_at: at }, { editedAt: at.toISOString() }],
    [{ recalled_at: at, recalled_by: 8 }, { recalled: { by: '8', at: at.toISOString() } }],
    [{ deleted_at: at }, { deleted: true }],
  ];
  for (const [given, part] of parts) {
    it(`says that of one with ${Object.keys(given).join(' and ')}`, () => {
      assert.deepEqual(shown(given), JSON.parse(JSON.stringify({ ...plain, ...part })));
    });
  }
});
