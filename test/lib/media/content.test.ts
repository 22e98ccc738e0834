import assert from 'node:assert/strict';
import { contentWithAddresses, mediaIn } from '../../../app/lib/media/content';
import { newSecretId } from '../../../app/lib/database/ids';

const [one, two] = [newSecretId(), newSecretId()];

/** A message's content as it is given out, each signature as `signed`. */
function given(type: string, content: object): unknown {
  const text = contentWithAddresses({ conversationId: 12, seq: 3, type, content: JSON.stringify(content) });
  return JSON.parse(text.replace(/\?in=12\.3&until=\d+&sign=[\w-]{22}/g, '?signed'));
}

const addressOf = (id: string) => `/media/${id}?signed`;
const smallOf = (id: string) => `/media/${id}/thumbnail?signed`;

describe('the content of a message', () => {
  const known = { size: 3, mime: 'image/png' };
  const foreign = { url: 'https://example.com/a.png', ...known };
  const words = { text: `"url":"/media/${one}" {"mediaId":"${one}"` };
  const cases: [string, string, object, object, string[]][] = [
    [
      'a picture has its address and that of a small one',
      'image',
      { mediaId: one, ...known },
      { mediaId: one, ...known, url: addressOf(one), thumbnailUrl: smallOf(one) },
      [one],
    ],
    ['a video has its address', 'video', { mediaId: one }, { mediaId: one, url: addressOf(one) }, [one]],
    [
      'a video with a poster has that of the poster',
      'video',
      { mediaId: one, posterId: two, ...known },
      { mediaId: one, posterId: two, ...known, url: addressOf(one), thumbnailUrl: smallOf(two) },
      [one, two],
    ],
    ['a voice has its address', 'voice', { mediaId: one }, { mediaId: one, url: addressOf(one) }, [one]],
    [
      'what a version before has stored under its address has that signed',
      'image',
      { url: `/media/${one}`, thumbnailUrl: `/media/${two}`, ...known },
      { url: addressOf(one), thumbnailUrl: addressOf(two), ...known },
      [one, two],
    ],
    ['a picture of another host is as it was sent', 'image', foreign, foreign, []],
    [
      'a name that looks like an address is none',
      'file',
      { mediaId: one, name: `","url":"/media/${two}"` },
      { mediaId: one, name: `","url":"/media/${two}"`, url: addressOf(one) },
      [one],
    ],
    ['a text is as it was sent', 'text', words, words, []],
    ['what clients have made up is as it was sent', 'custom', { mediaId: one }, { mediaId: one }, []],
    ['a picture that was recalled is nothing', 'image', {}, {}, []],
  ];
  for (const [what, type, content, shown, ids] of cases) {
    it(what, () => {
      assert.deepEqual(given(type, content), shown);
      assert.deepEqual(mediaIn(type, JSON.stringify(content)), ids);
    });
  }

  it('merged ones have those of the messages in them, and of no other', () => {
    const part = (type: string, content: object) => ({ senderName: 'Ann', type, content, sentAt: '…' });
    const inner = { messages: [part('image', { mediaId: one, ...known })] };
    const forged = part('custom', { type: 'image', content: { mediaId: two }, url: `/media/${two}` });
    const merged = { title: 'Us', messages: [part('text', words), part('merged', inner), forged] };
    const shown = { mediaId: one, ...known, url: addressOf(one), thumbnailUrl: smallOf(one) };
    assert.deepEqual(given('merged', merged), {
      title: 'Us',
      messages: [part('text', words), part('merged', { messages: [part('image', shown)] }), forged],
    });
    assert.deepEqual(mediaIn('merged', JSON.stringify(merged)), [one]);
  });
});
