import assert from 'node:assert/strict';
import { presentConversation, type ConversationRow } from '../../app/presenter/conversation';
import { Json } from '../../app/schema/json';
import type { Message } from '../../app/schema/message';
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
  role: 'member',
  mutedUntil: null,
  muteAll: 0,
  name: 'Bob',
  avatar: '/b.png',
  peerVersion: 2,
};
const shown = {
  id: '5',
  type: 'single',
  peerId: '8',
  name: 'Bob',
  avatar: '/b.png',
  peerVersion: 2,
  lastSeq: 9,
  lastAt: '2026-01-31T09:30:00.123Z',
  readSeq: 4,
  unread: 5,
  mentioned: false,
  settings: { pinned: false, notify: 'normal', markedUnread: false, hidden: false, clearedSeq: 0 },
  receipt: { deliveredSeq: 6, readSeq: 3 },
};

const presented = (given: ConversationRow, unread: number, lastMessage?: Json<Message>) =>
  presentConversation(given, { unread, lastMessage }).toJSON();

describe('presenting conversations', () => {
  it('a single conversation names the other user, and how far they have got', () => {
    assert.deepEqual(presented(row, 5), shown);
  });

  it('what has not been delivered yet is delivered up to nothing', () => {
    const { receipt } = presented({ ...row, deliveredSeq: null, peerReadSeq: 0 }, 5);
    assert.deepEqual(receipt, { deliveredSeq: 0, readSeq: 0 });
  });

  it('a conversation without another user has no receipt', () => {
    const { receipt, ...rest } = shown;
    assert.ok(receipt);
    assert.deepEqual(presented({ ...row, peerReadSeq: null, deliveredSeq: null }, 5), rest);
  });

  it('a group has no peer, and the conversation of the system has no name', () => {
    const alone = { ...row, peerReadSeq: null, deliveredSeq: null };
    assert.equal('peerId' in presented({ ...alone, type: 'group' }, 0), false);
    const system = presented({ ...alone, type: 'system', name: null, avatar: null }, 0);
    assert.equal(system.name, '');
    assert.equal('peerId' in system || 'avatar' in system, false);
  });

  it('a group has what the user is in it and may do there, which no other conversation has', () => {
    const mutedUntil = new Date('2026-02-01T00:00:00.000Z');
    const group = { ...row, type: 'group' as const, role: 'admin' as const, mutedUntil, muteAll: 1 };
    const { role, mutedUntil: until, muteAll } = presented(group, 0);
    assert.deepEqual({ role, until, muteAll }, { role: 'admin', until: mutedUntil.toISOString(), muteAll: true });
    assert.equal('mutedUntil' in presented({ ...group, mutedUntil: null }, 0), false);
    const single = presented({ ...group, type: 'single' }, 0);
    assert.equal('role' in single || 'mutedUntil' in single || 'muteAll' in single, false);
  });

  it('the last message is there when there is one, and a mention is marked', () => {
    const lastMessage = new Json<Message>('{"seq":9}');
    const marked = presented({ ...row, mentioned: 1 }, 5, lastMessage);
    assert.deepEqual(marked, { ...shown, lastMessage: { seq: 9 }, mentioned: true });
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
