import assert from 'node:assert/strict';
import { LockedConversation, type ConversationRow } from '../../../app/lib/message/locked_conversation';
import { membersOf } from '../../support/members';
import { draft } from '../../support/stored';

const now = new Date('2026-01-31T09:30:00.000Z');
const earlier = new Date(now.getTime() - 1);
const later = new Date(now.getTime() + 1);

const row: ConversationRow = {
  id: 5,
  app: 'default',
  type: 'group',
  last_seq: 7,
  count: 4,
  last_at: earlier,
  mention_all_seq: 3,
  mute_all: 0,
  member_version: 1,
  now,
};
const conversation = (given: Partial<ConversationRow> = {}) =>
  new LockedConversation({ ...row, ...given }, membersOf());

describe('a locked conversation', () => {
  it('gives each message the next place, and counts it', () => {
    const group = conversation();
    const placed = [group.place(draft()), group.place(draft())];
    assert.deepEqual(
      placed.map(({ seq, count }) => [seq, count]),
      [
        [8, 5],
        [9, 6],
      ],
    );
    assert.deepEqual([group.lastSeq, group.count], [9, 6]);
  });

  it('begins an empty conversation with place 1', () => {
    const { seq, count } = conversation({ last_seq: 0, count: 0 }).place(draft());
    assert.deepEqual([seq, count], [1, 1]);
  });

  it('gives lines of the system a place, and does not count them', () => {
    const group = conversation();
    const placed = ['text', 'system', 'system', 'notice'].map(type => group.place(draft({ type })));
    assert.deepEqual(
      placed.map(({ seq, count }) => [seq, count]),
      [
        [8, 5],
        [9, 5],
        [10, 5],
        [11, 6],
      ],
    );
  });

  it('keeps in mind the last message that mentions all', () => {
    const group = conversation();
    group.place(draft());
    assert.equal(group.mentionAllSeq, 3);
    group.place(draft({ mentionAll: true }));
    group.place(draft());
    assert.equal(group.mentionAllSeq, 9);
    group.place(draft({ mentionAll: true }));
    assert.equal(group.mentionAllSeq, 11);
  });

  it('dates messages by the database, and never before the last one', () => {
    const sentAt = (last_at: Date) => conversation({ last_at }).place(draft()).sentAt;
    assert.deepEqual(sentAt(earlier), now);
    assert.deepEqual(sentAt(now), now);
    assert.deepEqual(sentAt(later), later);
  });

  it('leaves a draft as it is, and adds a place and that nothing has happened to it', () => {
    const given = draft({ replyTo: 2, mentions: '["3"]', extra: '{"a":1}' });
    assert.deepEqual(conversation().place(given), {
      ...given,
      conversationId: 5,
      seq: 8,
      count: 5,
      sentAt: now,
      senderVersion: 0,
      syncSeq: 0,
      expiresAt: null,
      editedAt: null,
      recalledAt: null,
      recalledBy: null,
      deletedAt: null,
    });
  });

  it('keeps the time from which a notice is out of date', () => {
    assert.deepEqual(conversation().place(draft({ type: 'notice', expiresAt: later })).expiresAt, later);
  });

  it('is muted when its row says so', () => {
    assert.deepEqual([conversation().muteAll, conversation({ mute_all: 1 }).muteAll], [false, true]);
  });
});
