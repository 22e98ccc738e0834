import assert from 'node:assert/strict';
import { presentMedia } from '../../app/presenter/media';
import { presentMerged } from '../../app/presenter/merged';
import { presentMessage } from '../../app/presenter/message';
import { presentNoticePlace } from '../../app/presenter/notice';
import { presentReader, presentReceiptCount } from '../../app/presenter/receipt';

const sentAt = new Date('2026-01-31T09:30:00.123Z');
const text = { type: 'text', content: '{"text":"hello"}', sentAt };

describe('presenting messages', () => {
  it('a stored message is the object that its JSON says', () => {
    const stored = {
      ...text,
      conversationId: 5,
      seq: 9,
      clientMsgId: '0d6ba6b6-0f0c-4b0a-8a37-0a5b9d2b2d11',
      senderId: 7,
      senderVersion: 2,
      syncSeq: 3,
      replyTo: null,
      mentions: '["8"]',
      extra: null,
      mentionAll: false,
      editedAt: null,
      recalledAt: null,
      recalledBy: null,
      deletedAt: null,
    };
    assert.deepEqual(presentMessage(stored).toJSON(), {
      conversationId: '5',
      seq: 9,
      clientMsgId: '0d6ba6b6-0f0c-4b0a-8a37-0a5b9d2b2d11',
      senderId: '7',
      senderVersion: 2,
      type: 'text',
      content: { text: 'hello' },
      mentions: ['8'],
      sentAt: '2026-01-31T09:30:00.123Z',
    });
  });

  it('merged messages say who said what and when', () => {
    const message = { senderId: '7', type: 'text', content: { text: 'hello' }, sentAt: '2026-01-31T09:30:00.123Z' };
    const messages = [7, 8].map(senderId => ({ ...text, senderId }));
    const shown = [
      { ...message, senderName: 'Ann' },
      // Nobody knows the name of this one any more.
      { ...message, senderId: '8', senderName: '' },
    ];
    const names = new Map([[7, 'Ann']]);
    assert.deepEqual(presentMerged(messages, undefined, names).toJSON(), { messages: shown });
    assert.deepEqual(presentMerged(messages, 'Us', names).toJSON(), { title: 'Us', messages: shown });
  });

  it('receipts are numbers, also where the database has text or nothing', () => {
    const counted = presentReceiptCount({ delivered: '2', read: null, total: 3 });
    assert.deepEqual(counted, { delivered: 2, read: 0, total: 3 });
    assert.deepEqual(presentReader({ userId: 7 }), { userId: '7' });
  });

  it('the place of a notice names the user, unless it is to all', () => {
    const place = { conversationId: '5', seq: 9 };
    assert.deepEqual(presentNoticePlace({ conversationId: 5, seq: 9 }), place);
    assert.deepEqual(presentNoticePlace({ userId: 7, conversationId: 5, seq: 9 }), { userId: '7', ...place });
  });

  it('an uploaded file has its address, and what is known of it', () => {
    const told = { kind: 'file' as const, size: 12, mime: 'text/plain' };
    const unknown = { width: null, height: null, duration: null, blurhash: null, thumbnailSize: null };
    const { url, ...medium } = presentMedia({ id: 'x', name: null }, { ...told, ...unknown });
    assert.deepEqual(medium, { id: 'x', ...told });
    assert.match(url, /^\/media\/x\?until=/);
    const picture = { ...told, ...unknown, kind: 'image' as const, width: 7, height: 5 };
    const { thumbnailUrl, ...rest } = presentMedia({ id: 'x', name: 'a.png' }, picture);
    assert.deepEqual(rest, { id: 'x', ...told, kind: 'image', name: 'a.png', width: 7, height: 5, url });
    assert.equal(thumbnailUrl, url.replace('?', '/thumbnail?'));
  });
});
