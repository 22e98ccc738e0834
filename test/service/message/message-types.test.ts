import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { MessageType } from '../../../app/schema/content';
import { people } from '../../support/person';
import { refused } from '../../support/refusal';
import { app, mm, storesNothing } from '../../support/service';

const media = { url: 'https://cdn.example.com/a b'.replace(' ', '%20'), size: 1024, mime: 'image/svg+xml' };
const picture = { width: 640, height: 480, thumbnailUrl: 'https://cdn.example.com/t.webp' };

/** For each type what it holds in full, what it holds at least, and what it may not hold. */
const types: Record<MessageType, { full: object; least: object; bad: unknown[] }> = {
  text: {
    full: { text: '你好, world 👋\u0000\n\t"\'\\`; DROP TABLE user' },
    least: { text: ' ' },
    bad: [{}, { text: '' }, { text: 5 }, { text: null }, { text: 'x', html: '<b>' }, 'x', null, [], ['x']],
  },
  image: {
    full: { ...media, ...picture, name: 'a.svg' },
    least: media,
    bad: [
      {},
      { ...media, url: 'ftp://x/y' },
      { ...media, url: 'javascript:alert(1)' },
      { ...media, size: -1 },
      { ...media, size: 1.5 },
      { ...media, size: '1' },
      { ...media, mime: 'image' },
      { ...media, width: 0 },
      { ...media, duration: 3 },
      { ...media, name: '' },
      { ...media, thumbnailUrl: 'data:image/png;base64,AAAA' },
    ],
  },
  video: {
    full: { ...media, ...picture, mime: 'video/mp4', duration: 12.5, name: 'v.mp4' },
    least: { ...media, mime: 'video/mp4' },
    bad: [
      { ...media, duration: -1 },
      { ...media, duration: '12' },
      { url: media.url, size: 1 },
    ],
  },
  voice: {
    full: { ...media, mime: 'audio/ogg', duration: 3.2 },
    least: { ...media, duration: 0 },
    bad: [media, { ...media, duration: 1, width: 5 }],
  },
  file: {
    full: { ...media, mime: 'application/pdf', name: '合同.pdf' },
    least: { ...media, name: 'x' },
    bad: [media, { ...media, name: 'x'.repeat(256) }],
  },
  location: {
    full: { latitude: -33.8568, longitude: 151.2153, name: 'Opera House', address: 'Bennelong Point' },
    least: { latitude: 90, longitude: -180 },
    bad: [{ latitude: 91, longitude: 0 }, { latitude: 0, longitude: 180.1 }, { latitude: '0', longitude: 0 }, {}],
  },
  custom: {
    full: { kind: 'red-packet', amount: 8.88, nested: [{ a: [null] }] },
    least: {},
    bad: [[], 'x', 5, null, true, undefined],
  },
};

describe('a message of type', () => {
  // Files of this server: media-message.test.ts.
  beforeEach(() => mm(app.config.im, 'foreignMedia', true));

  for (const [type, { full, least, bad }] of Object.entries(types)) {
    it(`${type} comes as it was sent, and only of its form`, async () => {
      const [ann, bob] = await people(2);
      const [a, b] = [await ann.connect(), await bob.connect()];
      const draft = (content: unknown) => ({ to: { userId: bob.id }, clientMsgId: randomUUID(), type, content });
      await a.send(draft(full));
      const { conversationId } = await a.send(draft(least));
      await b.reaches(2);
      const got = b.replica.messages.map(each => [each.type, each.content]);
      assert.deepEqual(got, [
        [type, full],
        [type, least],
      ]);
      const history = await bob.ask('message.index', { id: conversationId });
      assert.deepEqual(history, b.replica.messages);
      await storesNothing(async () => {
        for (const content of bad) {
          const failure = await refused(a.send(draft(content)), 'INVALID_INPUT');
          assert.match(JSON.stringify(failure.details), /"path":"\/content/);
        }
      });
    });
  }

  it('system, or of no type there is, is refused', async () => {
    const [ann, bob] = await people(2);
    const client = await ann.connect();
    await storesNothing(async () => {
      for (const type of ['system', 'recall', '', 'toString', '__proto__', 1, null, undefined, ['text']]) {
        const draft = { to: { userId: bob.id }, clientMsgId: randomUUID(), type, content: { text: 'x' } };
        await refused(client.send(draft), 'INVALID_INPUT');
        await refused(ann.ask('message.send', { body: draft }), 'INVALID_INPUT');
      }
    });
  });
});
