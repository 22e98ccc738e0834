import assert from 'node:assert/strict';
import { destinationOf, draftsOf } from '../../app/protocol/ws/draft';
import { presentMessage } from '../../app/protocol/ws/message';
import { messageWith, recalled } from '../support/message';

const MEDIUM = 'aAbBcCdDeEfFgGhHiIjJ_-';
const user = (userId: string) => ({ to: { userId } });
const conversation = (conversationId: string) => ({ conversationId });

describe('where a client of the conversations service writes to', () => {
  const cases: readonly [string, unknown[], Record<string, unknown>, object][] = [
    ['the conversation that it names', [], { conversationId: '5' }, conversation('5')],
    [
      'its conversation, whatever else it names',
      ['7', '8'],
      { conversationId: '5', receiverId: '8' },
      conversation('5'),
    ],
    ['nothing that is, where its conversation is no text', [], { conversationId: 5 }, conversation('')],
    ['the user who receives it', [], { receiverId: '8' }, user('8')],
    ['the user who receives it and takes part', ['7', '8'], { receiverId: '8' }, user('8')],
    ['the group that receives it, which takes no part itself', ['7', '8'], { receiverId: '5' }, conversation('5')],
    ['nobody who is, where the receiver is no text', [], { receiverId: { $ne: null } }, user('')],
    ['the one who takes part beside it', ['7', '8'], {}, user('8')],
    ['the one who takes part, without itself', ['8'], {}, user('8')],
    ['nobody who is, where who takes part is no text', ['7', 8], {}, user('')],
  ];
  for (const [where, participants, message, destination] of cases) {
    it(`is ${where}`, () => assert.deepEqual(destinationOf(participants, message, '7'), destination));
  }

  for (const participants of [[], ['7'], ['7', '8', '9'], ['8', '9']]) {
    it(`is not to be found out from ${JSON.stringify(participants)} alone`, () => {
      assert.throws(() => destinationOf(participants, {}, '7'), { code: 'INVALID_INPUT' });
    });
  }
});

describe('what a client of the conversations service writes', () => {
  const picture = { type: 'image', content: { mediaId: MEDIUM } };
  const words = { type: 'text', content: { text: 'hello' } };
  const image = `/media/${MEDIUM}`;

  it('is a text, a picture, or a text under a picture, which comes first', () => {
    assert.deepEqual(draftsOf({ body: 'hello' }), [words]);
    assert.deepEqual(draftsOf({ body: 'hello', image: '' }), [words]);
    assert.deepEqual(draftsOf({ image }), [picture]);
    assert.deepEqual(draftsOf({ body: 'hello', image }), [picture, words]);
  });

  for (const wrong of [
    {},
    { body: '', image: '' },
    { body: 7 },
    { body: null },
    { body: 'hello', image: 7 },
    { body: 'hello', image: 'x.png' },
  ]) {
    it(`is not ${JSON.stringify(wrong)}`, () => assert.throws(() => draftsOf(wrong), { code: 'INVALID_INPUT' }));
  }
});

describe('what a client of the conversations service is told', () => {
  const single = { type: 'single' as const, userIds: ['7', '8'] };
  const origin = 'https://chat.example.com';
  const message = {
    id: '5-9',
    body: 'hello',
    image: '',
    senderId: '7',
    receiverId: '8',
    conversationId: '5',
    isGroup: false,
    unReads: ['8'],
    createdAt: '2026-01-31T20:30:00.999Z',
  };

  it('is a message to the other user, who has not read it, on both sides', () => {
    for (const me of ['7', '8']) assert.deepEqual(presentMessage(messageWith(), single, { me, origin }), message);
  });

  it('is a message to a group, which only who is told is known not to have read', () => {
    const toGroup = { ...message, receiverId: '5', isGroup: true };
    const told = (me: string) => presentMessage(messageWith(), { type: 'group' }, { me, origin });
    assert.deepEqual(told('8'), { ...toGroup, unReads: ['8'] });
    assert.deepEqual(told('7'), { ...toGroup, unReads: [] });
  });

  it('is read by who writes to oneself', () => {
    const own = presentMessage(messageWith(), { type: 'single', userIds: ['7'] }, { me: '7', origin });
    assert.deepEqual([own.receiverId, own.unReads], ['7', []]);
  });

  it('is a picture by its address, until it is taken back, and all else in words', () => {
    const told = (differing: object) => {
      const { body, image } = presentMessage(messageWith(differing), single, { me: '8', origin });
      return [body, image];
    };
    assert.deepEqual(told({ type: 'image', content: { url: '/media/a' } }), ['', `${origin}/media/a`]);
    assert.deepEqual(told({ type: 'image', ...recalled }), ['[消息已撤回]', '']);
    assert.deepEqual(told({ type: 'video', content: { url: '/media/a' } }), [`[视频] ${origin}/media/a`, '']);
  });
});
