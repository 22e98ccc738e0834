import assert from 'node:assert/strict';
import { people, person, text } from '../support/person';
import { connOf, history, pair, PrivateClient } from '../support/private_client';
import { app, url } from '../support/service';

describe('a client of Socket.IO 2.x in the namespace /', () => {
  for (const transports of [['websocket'], ['polling'], ['polling', 'websocket']]) {
    it(`writes to another over ${transports.join(' and ')}, by objects and by JSON strings`, async () => {
      const [ann, bob, anns, bobs] = await pair({ transports });
      anns.emit('sendmsg', { uid: Number(bob.id), msg: '你好' });
      bobs.emit('sendmsg', JSON.stringify({ uid: ann.id, msg: 'hello', extra: { color: 'red' } }));
      const { msgid, ...hello } = await bobs.message('你好');
      assert.match(msgid, /^\d+-\d+$/);
      const uid = Number(ann.id);
      const told = { _method_: 'SendMsg', action: '3', nickname: 'Pat 0', avatar: '', uid, ct: '你好', extra: '' };
      assert.deepEqual(hello, told);
      assert.deepEqual((await anns.message('hello')).extra, { color: 'red' });
      assert.deepEqual([anns.messages.length, bobs.messages.length], [1, 1]);
    });
  }

  it('gets what is said at once in few arrays, in order', async () => {
    const [, bob, anns, bobs] = await pair();
    const sent = Array.from({ length: 50 }, (_, index) => `${index}`);
    for (const msg of sent) anns.emit('sendmsg', { uid: bob.id, msg });
    await bobs.message('49');
    assert.deepEqual(
      bobs.messages.map(({ ct }) => ct),
      sent,
    );
    assert.ok(bobs.arrays.length < sent.length, `${bobs.arrays.length} arrays`);
  });

  it('gets whatever there may be as `extra`', async () => {
    const [, bob, anns, bobs] = await pair();
    const extras = ['text', 7, ['a', 1], { extra: 'nested' }, { a: { b: [null] } }, false, { type: 'image' }];
    for (const [msg, extra] of extras.entries()) anns.emit('sendmsg', { uid: bob.id, msg, extra });
    await bobs.message(String(extras.length - 1));
    assert.deepEqual(
      bobs.messages.map(({ extra }) => extra),
      extras,
    );
  });

  it('is told of the sender as the profile is, with an address that opens anywhere', async () => {
    const [ann, bob, anns, bobs] = await pair();
    anns.emit('sendmsg', { uid: bob.id, msg: 'before' });
    await bobs.message('before');
    await ann.call('user.update', { name: 'Ann', avatar: '/public/icon.svg' });
    anns.emit('sendmsg', { uid: bob.id, msg: 'after' });
    const { nickname, avatar } = await bobs.message('after');
    assert.deepEqual([nickname, avatar], ['Ann', `${url()}/public/icon.svg`]);
  });

  it('may show its token in the handshake', async () => {
    const ann = await person();
    const { token, ...conn } = connOf(ann);
    await PrivateClient.open(ann, { conn, query: { token } });
    await PrivateClient.open(ann, { conn, headers: { authorization: `Bearer ${token}` } });
  });

  it('may write before `conn` is answered', async () => {
    const [ann, bob] = await people(2);
    const bobs = await PrivateClient.open(bob);
    const anns = new PrivateClient(undefined);
    anns.emit('conn', connOf(ann));
    anns.emit('sendmsg', { uid: bob.id, msg: 'at once' });
    await bobs.message('at once');
  });

  it('deletes for both: first by HTTP as the document says, or without', async () => {
    const [ann, bob, anns, bobs] = await pair();
    anns.emit('sendmsg', { uid: bob.id, msg: 'one' });
    anns.emit('sendmsg', { uid: bob.id, msg: 'two' });
    const [one, two] = [await bobs.message('one'), await bobs.message('two')];
    assert.equal((await history(ann, `/${one.msgid}`, 'DELETE')).status, 200);
    anns.emit('delmsg', JSON.stringify({ uid: bob.id, msgid: one.msgid }));
    anns.emit('delmsg', { uid: bob.id, msgid: two.msgid });
    assert.deepEqual(await bobs.deletion(two.msgid), { _method_: 'DelMsg', action: '4', msgid: two.msgid });
    assert.deepEqual(
      bobs.deletions.map(({ msgid }) => msgid),
      [one.msgid, two.msgid],
    );
    assert.deepEqual(anns.failures, []);
    assert.deepEqual((await history(bob, `?uid=${ann.id}`)).rows, []);
  });

  it('is told of a message as deleted that its user has cleared before', async () => {
    const [ann, bob, anns, bobs] = await pair();
    anns.emit('sendmsg', { uid: bob.id, msg: 'one' });
    const { msgid } = await bobs.message('one');
    await ann.call('conversation.clear', { conversationId: msgid.split('-')[0] });
    anns.emit('delmsg', { uid: bob.id, msgid });
    await anns.deletion(msgid);
    assert.deepEqual(anns.failures, []);
  });

  it('is told by an ack, where it asks for one, which message it has sent', async () => {
    const [, bob, anns, bobs] = await pair();
    const sent = await anns.ask<{ ok: true; data: { msgid: string } }>('sendmsg', { uid: bob.id, msg: 'hi' });
    assert.deepEqual(sent, { ok: true, data: { msgid: (await bobs.message('hi')).msgid } });
    const { ok } = await anns.ask<{ ok: boolean }>('sendmsg', { uid: bob.id, msg: '' });
    assert.equal(ok, false);
  });

  it('is disconnected by the next one of its user, and not by itself', async () => {
    const [ann, , anns, bobs] = await pair();
    anns.emit('conn', connOf(ann));
    await anns.entered(2);
    const next = await PrivateClient.open(ann);
    assert.equal(await anns.ended(), 'io server disconnect');
    bobs.emit('sendmsg', { uid: ann.id, msg: 'to the new one' });
    await next.message('to the new one');
    assert.deepEqual([anns.messages, bobs.ends], [[], []]);
  });

  it('is the only one that is left of many who come at once', async () => {
    const [ann, bob] = await people(2);
    const clients = Array.from({ length: 5 }, () => new PrivateClient(connOf(ann)));
    const over = () => clients.filter(({ ends }) => ends.length > 0).length;
    await new Promise<void>(resolve => {
      for (const { socket } of clients) socket.on('disconnect', () => over() === 4 && resolve());
    });
    await bob.ask('message.send', { body: { to: { userId: ann.id }, ...text('to one') } });
    const [left] = clients.filter(({ ends }) => ends.length === 0);
    await left.message('to one');
    assert.equal(over(), 4);
  });

  it('may go on as another user', async () => {
    const [ann, bob, anns, bobs] = await pair();
    bobs.socket.disconnect();
    anns.emit('conn', connOf(bob));
    await anns.entered(2);
    await ann.ask('message.send', { body: { to: { userId: bob.id }, ...text('to bob') } });
    await anns.message('to bob');
    await bob.ask('message.send', { body: { to: { userId: ann.id }, ...text('to ann') } });
    await ann.ask('message.send', { body: { to: { userId: bob.id }, ...text('again') } });
    await anns.message('again');
    assert.deepEqual(
      anns.messages.map(({ ct }) => ct),
      ['to bob', 'again'],
    );
  });

  it('comes back by itself when it has lost its connection, and says `conn` again', async () => {
    const [, bob, anns, bobs] = await pair();
    for (const socket of app.io.of('/').sockets.values()) socket.conn.close();
    await Promise.all([anns, bobs].map(each => each.entered(2)));
    anns.emit('sendmsg', { uid: bob.id, msg: 'still here' });
    await bobs.message('still here');
  });

  it('is told that its session has ended, and does not come back by itself', async () => {
    const [ann, , anns] = await pair();
    await ann.call('auth.logout', {});
    assert.equal(await anns.ended(), 'io server disconnect');
    assert.deepEqual(
      anns.failures.map(({ event, error }) => [event, error.code]),
      [['conn', 'SESSION_CLOSED']],
    );
  });
});
