import assert from 'node:assert/strict';
import { messageIdOf, placeOf } from '../../app/protocol/message_id';
import { absolute, wordsOf } from '../../app/protocol/words';
import type { Message } from '../../app/schema/message';
import { messageWith, recalled } from '../support/message';

const ORIGIN = 'https://chat.example.com';

describe('a message in words, for clients that know texts alone', () => {
  const cases: readonly [string, Partial<Message>, string][] = [
    ['a text', {}, 'hello'],
    ['an empty text', { content: { text: '' } }, ''],
    ['a picture', { type: 'image', content: { url: '/media/a?sign=b' } }, `[图片] ${ORIGIN}/media/a?sign=b`],
    [
      'a video of another host',
      { type: 'video', content: { url: 'https://elsewhere.example/v.mp4' } },
      '[视频] https://elsewhere.example/v.mp4',
    ],
    ['a voice', { type: 'voice', content: { url: '/media/a' } }, `[语音] ${ORIGIN}/media/a`],
    [
      'a file with its name',
      { type: 'file', content: { url: '/media/a', name: 'plan.pdf' } },
      `[文件] plan.pdf ${ORIGIN}/media/a`,
    ],
    [
      'a place with its name',
      { type: 'location', content: { latitude: 1, longitude: 2, name: '外滩' } },
      '[位置] 外滩',
    ],
    ['a place without', { type: 'location', content: { latitude: 1, longitude: 2 } }, '[位置]'],
    ['messages forwarded as one', { type: 'merged', content: { messages: [] } }, '[聊天记录]'],
    ['what only its sender knows', { type: 'custom', content: { any: 'thing' } }, '[自定义消息]'],
    ['a line of the system', { type: 'system', content: { event: 'joined', by: '7' } }, '[system]'],
    ['a text that was taken back', recalled, '[消息已撤回]'],
    ['a picture that was taken back', { type: 'image', ...recalled }, '[消息已撤回]'],
  ];
  for (const [what, differing, words] of cases) {
    it(`is ${JSON.stringify(words)} where it is ${what}`, () =>
      assert.equal(wordsOf(messageWith(differing), ORIGIN), words));
  }
});

describe('an address for clients elsewhere', () => {
  it('has this server in front where it is one of it, and is nothing where there is none', () => {
    assert.equal(absolute('/media/a', ORIGIN), `${ORIGIN}/media/a`);
    assert.equal(absolute('https://elsewhere.example/a', ORIGIN), 'https://elsewhere.example/a');
    assert.equal(absolute(undefined, ORIGIN), '');
    assert.equal(absolute('', ORIGIN), '');
  });
});

describe('the id of a message, for clients that know it by one', () => {
  it('names its conversation and its place, and is read again', () => {
    const place = { conversationId: '9007199254740991', seq: 12 };
    assert.equal(messageIdOf(place), '9007199254740991-12');
    assert.deepEqual(placeOf(messageIdOf(place)), place);
  });

  for (const wrong of [
    undefined,
    null,
    7,
    {},
    '',
    '5',
    '5-',
    '-9',
    '5-0',
    '05-9',
    '5-9 ',
    '5-9\n',
    '5-9-1',
    '5-1e3',
    '1'.repeat(17) + '-1',
  ]) {
    it(`is not ${JSON.stringify(wrong)}`, () => {
      assert.throws(() => placeOf(wrong), { code: 'INVALID_INPUT' });
    });
  }
});
