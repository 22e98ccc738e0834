import assert from 'node:assert/strict';
import { payloadOf, textIn, userIdIn } from '../../app/protocol/socketio/payload';
import { delMsgOf, draftOf, noticeOf, sendMsgOf, systemNotOf } from '../../app/protocol/socketio/told';
import { messageWith } from '../support/message';

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const origin = 'https://chat.example.com';

/** What is common to all of them, beside the id that each gets. */
function withoutId<T extends { readonly clientMsgId: string }>({ clientMsgId, ...rest }: T) {
  assert.match(clientMsgId, UUID);
  return rest;
}

describe('what a client of Socket.IO 2.x sends', () => {
  it('is an object or the JSON of one, and nothing else', () => {
    assert.deepEqual(payloadOf({ uid: 7 }, 100), { uid: 7 });
    assert.deepEqual(payloadOf('{"uid":7}', 100), { uid: 7 });
    for (const wrong of [
      undefined,
      null,
      7,
      [],
      [{ uid: 7 }],
      'x',
      '',
      '7',
      '[]',
      'null',
      '{"uid":7',
      'require("fs")',
    ]) {
      assert.throws(() => payloadOf(wrong, 100), { code: 'INVALID_INPUT' }, JSON.stringify(wrong));
    }
  });

  it('is bounded in depth, as JSON in a text too', () => {
    const deep = `${'{"a":'.repeat(50)}1${'}'.repeat(50)}`;
    for (const each of [deep, JSON.parse(deep)]) assert.throws(() => payloadOf(each, 1000), { code: 'INVALID_INPUT' });
  });

  it('names a user by a number or a text', () => {
    for (const id of [7, '7']) assert.equal(userIdIn(id), '7');
    for (const wrong of [
      0,
      -7,
      7.5,
      NaN,
      1e21,
      '',
      '07',
      '7 ',
      ' 7',
      '7\n',
      'x',
      null,
      undefined,
      {},
      ['7'],
      '1'.repeat(17),
    ]) {
      assert.throws(() => userIdIn(wrong), { code: 'INVALID_INPUT' }, JSON.stringify(wrong));
    }
  });

  it('has texts that may be numbers, and are nothing else', () => {
    assert.deepEqual([textIn('', '/msg'), textIn('hi', '/msg'), textIn(0, '/msg')], ['', 'hi', '0']);
    for (const wrong of [null, undefined, true, {}, ['hi']]) {
      assert.throws(() => textIn(wrong, '/msg'), { code: 'INVALID_INPUT' });
    }
  });

  it('is a text to a user, with its `extra` where there is one', () => {
    const draft = { to: { userId: '8' }, type: 'text', content: { text: 'hello' } };
    for (const extra of [undefined, '', null]) {
      assert.deepEqual(withoutId(draftOf({ uid: 8, msg: 'hello', extra })), draft);
    }
    for (const extra of [0, false, 'red', { color: 'red' }, []]) {
      assert.deepEqual(withoutId(draftOf({ uid: 8, msg: 'hello', extra })), { ...draft, extra: { extra } });
    }
  });

  it('is a notice to one or to all, with what it has beside its text', () => {
    const notice = { title: '系统通知', text: 'hello', event: { socketio: {} } };
    assert.deepEqual(withoutId(noticeOf({ uid: 8, content: 'hello' })), { ...notice, to: { userIds: ['8'] } });
    for (const uid of [undefined, '', 0, null]) {
      assert.deepEqual(withoutId(noticeOf({ uid, content: 'hello' })), { ...notice, to: 'all' });
    }
    const more = { msgtype: 2, msgid: 'a', event: { open: 'page' } };
    assert.deepEqual(noticeOf({ content: 'hello', ...more }).event, { socketio: more });
    assert.throws(() => noticeOf({ uid: 'x', content: 'hello' }), { code: 'INVALID_INPUT' });
    assert.throws(() => noticeOf({ uid: 8 }), { code: 'INVALID_INPUT' });
  });
});

describe('what a client of Socket.IO 2.x is told', () => {
  const ann = { id: '7', name: 'Ann', avatar: '/media/ann' };
  const told = {
    _method_: 'SendMsg',
    action: '3',
    msgid: '5-9',
    nickname: 'Ann',
    avatar: `${origin}/media/ann`,
    uid: 7,
    ct: 'hello',
    extra: '',
  };

  it('is a text with who has sent it', () => {
    assert.deepEqual(sendMsgOf(messageWith(), ann, origin), told);
    assert.deepEqual(sendMsgOf(messageWith(), undefined, origin), { ...told, nickname: '', avatar: '' });
  });

  it('has the `extra` of its own kind of client as it was, and that of others as an object', () => {
    const extraOf = (extra: Record<string, unknown>) => sendMsgOf(messageWith({ extra }), ann, origin).extra;
    assert.equal(extraOf({}), '');
    assert.equal(extraOf({ extra: 0 }), 0);
    assert.deepEqual(extraOf({ extra: ['a'] }), ['a']);
    assert.deepEqual(extraOf({ color: 'red' }), { color: 'red' });
    assert.deepEqual(extraOf({ extra: 'a', color: 'red' }), { extra: 'a', color: 'red' });
  });

  it('is the address of what is no text, with all that it holds beside it', () => {
    const content = { url: '/media/a?sign=b', thumbnailUrl: '/media/a/thumbnail?sign=b', size: 3, mime: 'image/png' };
    const message = messageWith({ type: 'image', content });
    const shown = { ...content, url: `${origin}/media/a?sign=b`, thumbnailUrl: `${origin}/media/a/thumbnail?sign=b` };
    const { ct, extra } = sendMsgOf(message, ann, origin);
    assert.equal(ct, shown.url);
    assert.deepEqual(extra, { type: 'image', content: shown });
    assert.equal(message.content.url, '/media/a?sign=b', 'the message itself is as it was');
    const place = { latitude: 1, longitude: 2, name: '外滩' };
    const { ct: words, extra: whole } = sendMsgOf(messageWith({ type: 'location', content: place }), ann, origin);
    assert.deepEqual([words, whole], ['[位置] 外滩', { type: 'location', content: place }]);
  });

  it('is that a message is gone', () => {
    assert.deepEqual(delMsgOf({ conversationId: '5', seq: 9 }), { _method_: 'DelMsg', action: '4', msgid: '5-9' });
  });

  it('is a notice, as its backend sent it or as another did', () => {
    const noticed = (event?: Record<string, unknown>) => {
      const content = { title: 'Maintenance', text: 'tonight', ...(event && { event }) };
      return systemNotOf(messageWith({ type: 'notice', content }));
    };
    const base = { _method_: 'SystemNot', action: '1' };
    assert.deepEqual(noticed(), { ...base, msgtype: 0, ct: 'Maintenance\ntonight', msgid: '5-9', event: '' });
    assert.deepEqual(noticed({ open: 'page' }).event, { open: 'page' });
    assert.deepEqual(noticed({ socketio: 'x' }).event, { socketio: 'x' }, 'what only looks like it');
    assert.deepEqual(noticed({ socketio: {} }), { ...base, msgtype: 0, ct: 'tonight', msgid: 0, event: '' });
    const own = { msgtype: 2, msgid: 'a', event: { open: 'page' } };
    assert.deepEqual(noticed({ socketio: own }), { ...base, ct: 'tonight', ...own });
  });
});
