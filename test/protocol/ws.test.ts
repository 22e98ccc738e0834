import assert from 'node:assert/strict';
import { groupOf } from '../support/group';
import { Node } from '../support/node';
import { people, person, text, type Person } from '../support/person';
import { refused } from '../support/refusal';
import { app, mm, storesNothing } from '../support/service';
import { png, upload } from '../support/upload';
import { WsClient } from '../support/ws_client';

const clients = (persons: readonly Person[]) => Promise.all(persons.map(each => WsClient.of(each)));

describe('a client of the conversations service at /ws', () => {
  it('writes to a participant, who gets the message with the fields of the document', async () => {
    const [ann, bob] = await people(2);
    const [anns, bobs] = await clients([ann, bob]);
    anns.say({ body: '你好', senderId: ann.id, receiverId: bob.id }, ann.id, bob.id);
    const { id, createdAt, conversationId, ...message } = await bobs.hears('你好');
    const expected = { body: '你好', image: '', senderId: ann.id, receiverId: bob.id, isGroup: false };
    assert.deepEqual(message, { ...expected, unReads: [bob.id] });
    assert.equal(id, `${conversationId}-1`);
    assert.ok(Math.abs(Date.parse(createdAt) - Date.now()) < 60_000);
    assert.deepEqual(await anns.hears('你好'), { ...message, id, createdAt, conversationId });
  });

  it('finds the one it writes to by receiverId, by participants or by the conversation', async () => {
    const [ann, bob] = await people(2);
    const [anns, bobs] = await clients([ann, bob]);
    anns.say({ body: 'to the receiver', receiverId: bob.id });
    const { conversationId } = await bobs.hears('to the receiver');
    anns.say({ body: 'to the participant' }, bob.id);
    anns.say({ body: 'to the conversation', conversationId, receiverId: bob.id }, ann.id, bob.id);
    for (const body of ['to the participant', 'to the conversation'])
      assert.equal((await bobs.hears(body)).conversationId, conversationId);
    assert.deepEqual(
      (await bob.ask('message.index', { id: conversationId })).map(each => [each.seq, each.senderId]),
      [1, 2, 3].map(seq => [seq, ann.id]),
    );
  });

  it('hears its own message when it is a participant, or on another device', async () => {
    const [ann, bob] = await people(2);
    const [one, other] = await clients([ann, await ann.login()]);
    one.say({ body: 'to bob alone' }, bob.id);
    one.say({ body: 'to both' }, ann.id, bob.id);
    await Promise.all([one, other].map(each => each.hears('to both')));
    const bodies = [one, other].map(each => each.messages.map(({ body }) => body));
    assert.deepEqual(bodies, [['to both'], ['to bob alone', 'to both']]);
  });

  it('writes to a group, whose members all hear it, and nobody else', async () => {
    const [ann, bob, cat, dan] = await people(4);
    const { id } = await groupOf([ann, bob, cat]);
    const [anns, bobs, cats, dans] = await clients([ann, bob, cat, dan]);
    await anns.ask('join', id);
    // A participant who is no member is no receiver.
    anns.say({ body: 'hello all', receiverId: id }, ann.id, bob.id, dan.id);
    const heard = await Promise.all([anns, bobs, cats].map(each => each.hears('hello all')));
    assert.deepEqual(
      heard.map(each => [each.receiverId, each.conversationId, each.isGroup, each.unReads]),
      [[], [bob.id], [cat.id]].map(unReads => [id, id, true, unReads]),
    );
    dans.say({ body: 'to ann' }, ann.id);
    await anns.hears('to ann');
    assert.deepEqual(dans.messages, []);
  });

  it('writes to users of /im, and hears what they write', async () => {
    const [ann, bob] = await people(2);
    const anns = await WsClient.of(ann);
    const device = await bob.connect();
    const sent = await anns.ask('message', { participants: [bob.id], message: { body: 'from /ws' } });
    const message = await device.until(() => device.replica.messages.at(0), 'the message');
    const { conversationId, sentAt } = message;
    assert.deepEqual(message.content, { text: 'from /ws' });
    assert.deepEqual(sent, { id: `${conversationId}-1`, conversationId, createdAt: sentAt });
    await device.send({ conversationId, ...text('from /im') });
    assert.equal((await anns.hears('from /im')).senderId, bob.id);
    const place = { latitude: 1, longitude: 2, name: 'the pub' };
    await device.send({ conversationId, ...text(''), type: 'location', content: place });
    await anns.hears('[位置] the pub');
  });

  it('writes a picture, and a text under it', async () => {
    const [ann, bob] = await people(2);
    const [anns, bobs] = await clients([ann, bob]);
    const { url: image } = await upload(ann, { content: png });
    anns.say({ body: 'look', image, receiverId: bob.id });
    await bobs.hears('look');
    const [picture, words] = bobs.messages;
    assert.deepEqual([picture.body, words.image], ['', '']);
    assert.match(picture.image, /^http:/);
    const shown = await fetch(picture.image);
    assert.deepEqual([shown.status, shown.headers.get('content-type')], [200, 'image/png']);
    await refused(bobs.ask('message', { message: { image, receiverId: ann.id } }), 'MEDIA_NOT_FOUND');
  });

  it('can not write in the name of another', async () => {
    const [ann, bob] = await people(2);
    const [anns, bobs] = await clients([ann, bob]);
    anns.say({ body: 'hello', senderId: bob.id }, bob.id);
    assert.equal((await bobs.hears('hello')).senderId, ann.id);
  });

  it('neither joins nor writes to a conversation where its user is no member', async () => {
    const [ann, bob, eve] = await people(3);
    const { id } = await groupOf([ann, bob]);
    const [anns, eves] = await clients([ann, eve]);
    await storesNothing(async () => {
      await refused(eves.ask('join', id), 'NOT_A_MEMBER');
      await refused(eves.ask('join', '1'), 'CONVERSATION_NOT_FOUND');
      eves.say({ body: 'let me in', conversationId: id }, ann.id, bob.id, eve.id);
      assert.equal(await eves.failure(), 'NOT_A_MEMBER');
      eves.say({ body: 'let me in', receiverId: id }, ann.id, bob.id);
      assert.equal(await eves.failure(), 'NOT_A_MEMBER');
    });
    anns.say({ body: 'among us', conversationId: id }, ann.id, bob.id, eve.id);
    await anns.hears('among us');
    assert.deepEqual(eves.messages, []);
  });

  it('may not write to who has blocked it', async () => {
    const [ann, bob] = await people(2);
    await bob.call('block.create', { userId: ann.id });
    const anns = await WsClient.of(ann);
    anns.say({ body: 'hello' }, bob.id);
    assert.equal(await anns.failure(), 'BLOCKED');
  });

  it('hears what is wrong with what it says, and goes on', async () => {
    const [ann, bob] = await people(2);
    const [anns, bobs] = await clients([ann, bob]);
    const wrong = [
      {},
      { body: 7 },
      { body: 'to whom?' },
      { body: 'x', receiverId: { $ne: null } },
      { image: 'https://elsewhere.example/x.png', receiverId: bob.id },
    ];
    for (const message of wrong) {
      anns.say(message);
      assert.equal(await anns.failure(), 'INVALID_INPUT', JSON.stringify(message));
    }
    for (const payload of [undefined, null, 'x', [], { message: [] }])
      await refused(anns.ask('message', payload), 'INVALID_INPUT');
    for (const payload of [{ id: 1 }, { toString: 1 }]) await refused(anns.ask('join', payload), 'INVALID_INPUT');
    await refused(anns.ask('leave', {}), 'UNKNOWN_EVENT');
    const body = 'x'.repeat(app.config.im.packetMaxBytes);
    await refused(anns.ask('message', { message: { body } }), 'TOO_LARGE');
    anns.say({ body: 'fine' }, bob.id);
    await bobs.hears('fine');
  });
});

describe('a connection to /ws', () => {
  for (const version of [2, 3, 4] as const) {
    it(`may be one of a ${version}.x client`, async () => {
      const [ann, bob] = await people(2);
      const [anns, bobs] = [await WsClient.of(ann, { version }), await WsClient.of(bob, { version })];
      anns.say({ body: `of ${version}.x` }, bob.id);
      await bobs.hears(`of ${version}.x`);
    });

    it(`is refused without a token, and does not come back, when it is of ${version}.x`, async () => {
      await refused(WsClient.dial({ version }), 'UNAUTHENTICATED');
    });
  }

  it('has its token in the handshake or in the header, with or without "Bearer"', async () => {
    const [ann, bob] = await people(2);
    const { accessToken: token } = ann.session;
    const bobs = await WsClient.of(bob);
    const places = [
      { auth: { token: `Bearer ${token}` } },
      { extraHeaders: { authorization: token } },
      { extraHeaders: { authorization: `Bearer ${token}` } },
    ];
    for (const [at, place] of places.entries()) {
      const anns = await WsClient.dial(place);
      anns.say({ body: `${at}` }, bob.id);
      assert.equal((await bobs.hears(`${at}`)).senderId, ann.id);
    }
  });

  it('is refused with a token that is no good', async () => {
    const [ann, bob] = await people(2);
    await bob.ask('auth.logout');
    await refused(WsClient.of(bob), 'SESSION_CLOSED');
    await refused(WsClient.dial({ auth: { token: 'x' } }), 'UNAUTHENTICATED');
    await refused(WsClient.dial({ auth: { token: { $ne: null } } }), 'UNAUTHENTICATED');
    await refused(WsClient.dial({ extraHeaders: { authorization: 'Basic eDp5' } }), 'UNAUTHENTICATED');
    const auth = { token: ann.session.accessToken, deviceId: bob.deviceId };
    await refused(WsClient.dial({ auth }), 'UNAUTHENTICATED');
  });

  it('may begin by polling', async () => {
    const [ann, bob] = await people(2);
    const anns = await WsClient.of(ann, { transports: ['polling', 'websocket'] });
    const bobs = await WsClient.of(bob, { transports: ['polling'] });
    anns.say({ body: 'by polling' }, bob.id);
    await bobs.hears('by polling');
  });

  it('is one of a stranger no longer once it is let in', async () => {
    mm(app.config.im, 'sockets', { ...app.config.im.sockets, strangers: 1 });
    for (const each of await people(2)) await WsClient.of(each);
  });

  it('counts as the presence of its user, until it ends', async () => {
    mm(app.presence.options, 'graceMs', 50);
    const [ann, bob] = await people(2);
    await groupOf([ann, bob]);
    const device = await bob.connect();
    const anns = await WsClient.of(ann);
    const asked = { userIds: [ann.id] };
    // Its lease is given after it was let in.
    while (!(await device.call('presence.show', asked))[0].online);
    await device.call('presence.watch', asked);
    anns.wire.disconnect();
    assert.equal((await device.first('presence:changed')).online, false);
  });

  it('ends with the session, is told why, and does not come back', async () => {
    const ann = await person();
    const anns = await WsClient.of(ann);
    const ended = Promise.all([anns.next('session:closed'), anns.next('disconnect')]);
    await ann.ask('auth.logout');
    assert.deepEqual(await ended, [{ reason: 'logout' }, 'io server disconnect']);
  });

  it('talks to one at another node, and comes back after a break and when a node ends', async () => {
    const [ann, bob] = await people(2);
    const node = await Node.start();
    try {
      const anns = await WsClient.of(ann);
      const bobs = await WsClient.of(bob, { server: node.url, reconnection: false });
      anns.say({ body: 'one' }, bob.id);
      const { conversationId } = await bobs.hears('one');
      bobs.wire.io.engine.close();
      await anns.ask('message', { participants: [bob.id], message: { body: 'two', conversationId } });
      bobs.wire.connect();
      await bobs.connected();
      anns.say({ body: 'three', conversationId }, bob.id);
      await bobs.hears('three');
      bobs.say({ body: 'four' }, ann.id);
      await anns.hears('four');
      const history = await bob.ask('message.index', { id: conversationId });
      const texts = history.map(each => each.content.text);
      assert.deepEqual(texts, ['one', 'two', 'three', 'four'], 'what was missed is in the history');
      const gone = bobs.next('disconnect');
      await node.stop();
      assert.notEqual(await gone, 'io server disconnect', 'after which a client would not come back');
    } finally {
      await node.stop();
    }
  });
});
