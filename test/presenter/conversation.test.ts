import assert from 'node:assert/strict';
import { presentConversation, type ConversationRow } from '../../app/presenter/conversation';
import { presentSettings } from '../../app/presenter/settings';

const settings = { pinned: 0, notify: 'normal' as const, draft: null, markedUnread: 0, hidden: 0, clearedSeq: 0 };
const row: ConversationRow = {
  ...settings,
  id: 5,
  type: 'single',
  lastSeq: 9,
  lastAt: new Date('2026-01-31T09:30:00.123Z'),
  readSeq: 4,
  mentioned: 0,
  peerId: 8,
  peerReadSeq: 3,
  deliveredSeq: 6,
  name: 'Bob',
  avatar: '/b.png',
};
const shown = {
  id: '5',
  type: 'single',
  peerId: '8',
  name: 'Bob',
  avatar: '/b.png',
  lastSeq: 9,
  lastAt: '2026-01-31T09:30:00.123Z',
  readSeq: 4,
  unread: 5,
  mentioned: false,
  settings: { pinned: false, notify: 'normal', markedUnread: false, hidden: false, clearedSeq: 0 },
  receipt: { deliveredSeq: 6, readSeq: 3 },
};

describe('presenting conversations', () => {
  it('a single conversation names the other user, and how far they have got', () => {
    assert.deepEqual(presentConversation(row, { unread: 5 }), shown);
  });

  it('what has not been delivered yet is delivered up to nothing', () => {
    const { receipt } = presentConversation({ ...row, deliveredSeq: null, peerReadSeq: 0 }, { unread: 5 });
    assert.deepEqual(receipt, { deliveredSeq: 0, readSeq: 0 });
  });

  it('a conversation without another user has no receipt', () => {
    const { receipt, ...rest } = shown;
    assert.ok(receipt);
    assert.deepEqual(presentConversation({ ...row, peerReadSeq: null, deliveredSeq: null }, { unread: 5 }), rest);
  });

  it('a group has no peer, and the conversation of the system has no name', () => {
    const alone = { ...row, peerReadSeq: null, deliveredSeq: null };
    assert.equal('peerId' in presentConversation({ ...alone, type: 'group' }, { unread: 0 }), false);
    const system = presentConversation({ ...alone, type: 'system', name: null, avatar: null }, { unread: 0 });
    assert.equal(system.name, '');
    assert.equal('peerId' in system || 'avatar' in system, false);
  });

  it('the last message is there when there is one, and a mention is marked', () => {
    const lastMessage = { seq: 9 } as NonNullable<ReturnType<typeof presentConversation>['lastMessage']>;
    const presented = presentConversation({ ...row, mentioned: 1 }, { unread: 5, lastMessage });
    assert.deepEqual(presented, { ...shown, lastMessage, mentioned: true });
  });
});

describe('presenting settings', () => {
  it('settings are truth values, and a draft where there is one', () => {
    const given = { pinned: 1, notify: 'none' as const, draft: 'Dear', markedUnread: 1, hidden: 1, clearedSeq: 7 };
    const presented = { pinned: true, notify: 'none', draft: 'Dear', markedUnread: true, hidden: true, clearedSeq: 7 };
    assert.deepEqual(presentSettings(given), presented);
    assert.deepEqual(presentSettings(settings), shown.settings);
  });
});
