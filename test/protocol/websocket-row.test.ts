import assert from 'node:assert/strict';
import { draftOf } from '../../app/protocol/websocket/draft';
import { rowOf, type Party } from '../../app/protocol/websocket/row';
import { messageWith, recalled } from '../support/message';

const manner = { app: 'shop', zone: '+08:00', origin: 'https://chat.example.com' };
const ann: Party = { id: '7', account: '13900000007', name: 'Ann', avatar: '/media/ann' };
const bob: Party = { id: '8', account: '13900000008', name: 'Bob' };
const MEDIUM = 'aAbBcCdDeEfFgGhHiIjJ_-';

describe('a row of a mini-program', () => {
  const row = {
    id: 9,
    friendphone: '13900000008',
    friendname: 'Bob',
    friendavatar: '',
    app_sid: 'shop',
    created_date: '2026-02-01 04:30:00',
    userphone: '13900000007',
    username: 'Ann',
    useravatar: 'https://chat.example.com/media/ann',
    content: 'hello',
    chat_type: 0,
  };

  it('has who has sent it as user, and who gets it as friend, in the list of either', () => {
    assert.deepEqual(rowOf(messageWith(), [ann, bob], manner), row);
    assert.deepEqual(rowOf(messageWith(), [bob, ann], manner), row);
    const { userphone, friendphone, useravatar, friendavatar } = rowOf(
      messageWith({ senderId: '8' }),
      [ann, bob],
      manner,
    );
    assert.deepEqual([userphone, friendphone], ['13900000008', '13900000007']);
    assert.deepEqual([useravatar, friendavatar], ['', 'https://chat.example.com/media/ann']);
  });

  it('is of the kind 1 or 2, with the address alone, where it is a picture or a video', () => {
    const contentOf = (type: 'image' | 'video' | 'voice', content: object) => {
      const { content: shown, chat_type } = rowOf(messageWith({ type, content: { ...content } }), [ann, bob], manner);
      return [chat_type, shown];
    };
    assert.deepEqual(contentOf('image', { url: '/media/a?sign=b' }), [1, 'https://chat.example.com/media/a?sign=b']);
    assert.deepEqual(contentOf('video', { url: 'https://elsewhere.example/v' }), [2, 'https://elsewhere.example/v']);
    assert.deepEqual(contentOf('image', {}), [1, ''], 'a file that is there no more');
    assert.deepEqual(contentOf('voice', { url: '/media/a' }), [0, '[语音] https://chat.example.com/media/a']);
  });

  it('is a text where a picture was taken back', () => {
    const { content, chat_type } = rowOf(messageWith({ type: 'image', ...recalled }), [ann, bob], manner);
    assert.deepEqual([chat_type, content], [0, '[消息已撤回]']);
  });
});

describe('what a mini-program says', () => {
  const chat_content = `https://any.example.com/media/${MEDIUM}?until=1&sign=2`;

  it('is a text, whatever it looks like, unless it says otherwise', () => {
    const draft = { type: 'text', content: { text: chat_content } };
    for (const chat_type of [undefined, 0, '0', '']) assert.deepEqual(draftOf({ chat_content, chat_type }), draft);
    assert.deepEqual(draftOf({ chat_content: '' }), { type: 'text', content: { text: '' } });
  });

  it('is a picture or a video by the address of an upload', () => {
    for (const chat_type of [1, '1']) {
      assert.deepEqual(draftOf({ chat_content, chat_type }), { type: 'image', content: { mediaId: MEDIUM } });
    }
    assert.deepEqual(draftOf({ chat_content, chat_type: 2 }), { type: 'video', content: { mediaId: MEDIUM } });
  });

  const wrong: readonly [string, Record<string, unknown>, string][] = [
    ['no text', {}, '/chat_content'],
    ['a number as its text', { chat_content: 7 }, '/chat_content'],
    ['an object as its text', { chat_content: { $ne: null } }, '/chat_content'],
    ['a kind that there is not', { chat_content, chat_type: 3 }, '/chat_type'],
    ['a kind that is none', { chat_content, chat_type: 'image' }, '/chat_type'],
    ['a name of every object as its kind', { chat_content, chat_type: 'constructor' }, '/chat_type'],
    ['a picture of another host', { chat_content: 'https://elsewhere.example/x.png', chat_type: 1 }, '/chat_content'],
    ['a picture with an id that is too long', { chat_content: `/media/${MEDIUM}x`, chat_type: 1 }, '/chat_content'],
  ];
  for (const [what, given, path] of wrong) {
    it(`is refused with ${what}`, () => {
      assert.throws(
        () => draftOf(given),
        (error: { code?: string; details?: { path: string }[] }) => {
          assert.deepEqual([error.code, error.details?.[0].path], ['INVALID_INPUT', path]);
          return true;
        },
      );
    });
  }
});
