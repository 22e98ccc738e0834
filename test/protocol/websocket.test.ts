import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { limit } from '../support/limits';
import { MiniProgram } from '../support/mini_program';
import { Node } from '../support/node';
import { people, person, text } from '../support/person';
import { refusedRaw } from '../support/raw';
import { app, mm, url } from '../support/service';
import { formOf, png, post } from '../support/upload';

/** Posts a form as `wx.uploadFile` does. */
async function upload(path: string, field: string, content: Buffer, token?: string) {
  const query = token === undefined ? '' : `?token=${token}`;
  const body = formOf({ field, content, name: 'chosen.png' });
  const response = await fetch(`${url()}${path}${query}`, { method: 'POST', body });
  const answer = (await response.json()) as { status: number; payload?: unknown; err?: string };
  assert.equal(answer.status, response.status);
  return answer;
}

describe('the uploads of a mini-program', () => {
  it('are answered with an address, in the form of each route', async () => {
    const { accessToken } = (await person()).session;
    const picture = await upload('/users/upload_avatar', 'avatar', png, accessToken);
    const { avatar_path } = picture.payload as { avatar_path: string };
    const video = await upload('/users/upload_video', 'mp4_url', png, accessToken);
    for (const address of [avatar_path, String(video.payload)]) {
      const served = await fetch(address);
      assert.equal(served.status, 200);
      assert.deepEqual(Buffer.from(await served.arrayBuffer()), png);
    }
  });

  it('are refused with the status and a sentence', async () => {
    const { accessToken } = (await person()).session;
    assert.deepEqual(await upload('/users/upload_avatar', 'avatar', png), { status: 401, err: '需要有效的访问令牌。' });
    assert.equal((await upload('/users/upload_avatar', 'another', png, accessToken)).status, 400);
    mm(app.config.im.mediaMaxBytes, 'image', png.length - 1);
    const large = await upload('/users/upload_avatar', 'avatar', png, accessToken);
    assert.deepEqual([large.status, typeof large.err], [413, 'string']);
  });
});

describe('a mini-program on a plain WebSocket', () => {
  it('gets the list of both users as it opens, and a new one for each message of either', async () => {
    const [ann, bob] = await people(2);
    const [anns, bobs] = await Promise.all([MiniProgram.open(ann, bob), MiniProgram.open(bob, ann)]);
    assert.deepEqual((await anns.shows()).data, []);
    anns.say('你好');
    const [{ data }] = await Promise.all([bobs.shows('你好'), anns.shows('你好')]);
    bobs.say('好');
    await Promise.all([bobs, anns].map(each => each.shows('你好', '好')));
    const [{ created_date, ...row }] = data;
    assert.match(created_date, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    assert.deepEqual(row, {
      id: 1,
      friendphone: bob.session.user.account,
      friendname: 'Pat 1',
      friendavatar: '',
      app_sid: 'default',
      userphone: ann.session.user.account,
      username: 'Pat 0',
      useravatar: '',
      content: '你好',
      chat_type: 0,
    });
  });

  it('writes to users of /im, and reads what they edit, recall and delete', async () => {
    const [ann, bob] = await people(2);
    const page = await MiniProgram.open(ann, bob);
    const device = await bob.connect();
    page.say('from a mini-program');
    const { conversationId, content } = await device.until(() => device.replica.messages.at(0), 'the message');
    assert.deepEqual(content, { text: 'from a mini-program' });
    await bob.ask('message.create', { id: conversationId, body: text('from /im') });
    await page.shows('from a mini-program', 'from /im');
    await bob.call('message.edit', { conversationId, seq: 2, content: { text: 'edited' } });
    await page.shows('from a mini-program', 'edited');
    await bob.call('message.recall', { conversationId, seq: 2 });
    await page.shows('from a mini-program', '[消息已撤回]');
    await bob.call('message.remove', { conversationId, seqs: [2], for: 'both' });
    await page.shows('from a mini-program');
  });

  it('sends pictures, which are seen in /im and in its own list at addresses that are good now', async () => {
    const [ann, bob] = await people(2);
    const [page, device] = [await MiniProgram.open(ann, bob), await bob.connect()];
    const { payload } = await upload('/users/upload_avatar', 'avatar', png, ann.session.accessToken);
    page.say((payload as { avatar_path: string }).avatar_path, 1);
    const shown = await page.frame(({ code, data }) => code === 1 && data.some(row => row.chat_type === 1));
    const message = await device.until(() => device.replica.messages.at(0), 'the picture');
    assert.equal(message.type, 'image');
    const { url: inIm, width } = message.content as { url: string; width: number };
    assert.equal(width, 1);
    for (const address of [shown.data[0].content, url() + inIm]) {
      assert.deepEqual(Buffer.from(await (await fetch(address)).arrayBuffer()), png, address);
    }
    const { conversationId } = message;
    const { id: mediaId } = await post(bob, formOf({ content: png, name: 'back.png' }));
    await bob.ask('message.create', {
      id: conversationId,
      body: { clientMsgId: randomUUID(), type: 'image', content: { mediaId } },
    });
    const both = await page.frame(({ code, data }) => code === 1 && data.length === 2);
    const [, { content, chat_type: type }] = both.data;
    assert.deepEqual([type, (await fetch(content)).status], [1, 200]);
  });

  it('may not send the picture of somebody else', async () => {
    const [ann, bob] = await people(2);
    const page = await MiniProgram.open(ann, bob);
    const { payload } = await upload('/users/upload_avatar', 'avatar', png, bob.session.accessToken);
    page.say((payload as { avatar_path: string }).avatar_path, 1);
    assert.equal((await page.frame(({ code }) => code === 0)).error, 'MEDIA_NOT_FOUND');
  });

  it('gets the newest fifty, and older ones when it asks', async () => {
    const [ann, bob] = await people(2);
    let conversationId = '';
    for (let sent = 1; sent <= 60; sent++) {
      const body = { to: { userId: bob.id }, ...text(`${sent}`) };
      ({ conversationId } = await ann.ask('message.send', { body }));
    }
    const page = await MiniProgram.open(ann, bob);
    const { data } = await page.frame(({ code }) => code === 1);
    assert.deepEqual([data.length, data[0].content, data[49].content], [50, '11', '60']);
    page.send({ before: data[0].id });
    const older = await page.frame(({ before }) => before === 11);
    assert.deepEqual(
      older.data.map(row => row.content),
      Array.from({ length: 10 }, (_, at) => `${at + 1}`),
    );
    assert.ok(conversationId);
    page.send({ before: 0 });
    assert.equal((await page.frame(({ code }) => code === 0)).error, 'INVALID_INPUT');
  });

  it('asks for nothing older by what is larger than any number, which JSON has no word for', async () => {
    const [ann, bob] = await people(2);
    const page = await MiniProgram.open(ann, bob);
    await page.frame(({ code }) => code === 1);
    page.sendText('{ "before": 1e999 }');
    assert.equal((await page.frame(({ code }) => code === 0)).error, 'INVALID_INPUT');
  });

  it('is refused with the sentences it knows', async () => {
    const [ann, bob] = await people(2);
    const { accessToken: token } = ann.session;
    const [userphone, friendphone] = [ann, bob].map(each => each.session.user.account);
    const asks = {
      '参数不全!': [{ userphone, friendphone, token }, { userphone, app_sid: 'default', token }, {}],
      '用户不存在!': [
        { userphone, friendphone: 'nobody', app_sid: 'default', token },
        { userphone, friendphone: '好友', app_sid: 'default', token },
        { userphone, friendphone, app_sid: 'another', token },
      ],
      '需要有效的访问令牌。': [
        { userphone, friendphone, app_sid: 'default' },
        { userphone, friendphone, app_sid: 'default', token: 'none' },
        { userphone: friendphone, friendphone: userphone, app_sid: 'default', token },
      ],
    };
    for (const [sentence, queries] of Object.entries(asks)) {
      for (const query of queries) {
        const page = await MiniProgram.dial(query as Record<string, string>);
        assert.equal(await page.refusal(), sentence, JSON.stringify(query));
        await page.closed();
      }
    }
  });

  it('is told with a code what is wrong with its handshake', async () => {
    const upgrade = 'HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n';
    const key = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
    await refusedRaw(`GET /chat/v1/message ${upgrade}\r\n`, 'INVALID_INPUT');
    await refusedRaw(`POST /chat/v1/message ${upgrade}${key}\r\n`, 'INVALID_INPUT');
  });

  it('never meets the same account of another tenant', async () => {
    const account = `same${randomUUID()}`;
    const [one, other] = [await person({ account, app: 'one' }), await person({ account, app: 'other' })];
    const friend = await person({ app: 'one' });
    const page = await MiniProgram.open(friend, one, { app: 'one' });
    page.say('to one');
    await page.shows('to one');
    assert.equal((await one.ask('conversation.index')).length, 1);
    assert.equal((await other.ask('conversation.index')).length, 0);
  });

  it('hears what is wrong with a message, and goes on', async () => {
    const [ann, bob] = await people(2);
    const page = await MiniProgram.open(ann, bob);
    page.say('x'.repeat(app.config.im.textMaxBytes + 1));
    assert.equal((await page.frame(({ code }) => code === 0)).error, 'TOO_LARGE');
    page.send([]);
    page.send({ chat_content: 7, chat_type: 0 });
    page.send({ chat_content: 'hi', chat_type: 9 });
    page.send({ chat_content: 'hi', chat_type: { toString: 1 } });
    page.send({ chat_content: 'https://elsewhere.example/x.png', chat_type: 1 });
    page.say('fine');
    await page.shows('fine');
    const errors = page.frames.flatMap(({ error }) => error ?? []);
    assert.deepEqual(
      errors.slice(1),
      Array.from({ length: 5 }, () => 'INVALID_INPUT'),
    );
  });

  it('counts as one search as it opens, and as another when it names another friend', async () => {
    const [ann, bob, cem] = await people(3);
    await limit({ searches: 2 });
    const page = await MiniProgram.open(ann, bob);
    page.say('one');
    await page.shows('one');
    const cems = await MiniProgram.open(cem, ann);
    const toCem = { friendInfo: { account: cem.session.user.account }, chat_content: 'two', chat_type: 0 };
    page.send(toCem);
    await cems.shows('two');
    page.send(toCem);
    assert.equal((await page.frame(({ code }) => code === 0)).error, 'RATE_LIMITED');
    assert.equal((await (await MiniProgram.open(ann, bob)).frame(({ code }) => code === 0)).error, 'RATE_LIMITED');
  });

  it('may not write to who has blocked it', async () => {
    const [ann, bob] = await people(2);
    await bob.call('block.create', { userId: ann.id });
    const page = await MiniProgram.open(ann, bob);
    page.say('let me in');
    assert.equal((await page.frame(({ code }) => code === 0)).error, 'BLOCKED');
  });

  it('is disconnected when its session ends', async () => {
    const [ann, bob] = await people(2);
    const page = await MiniProgram.open(ann, bob);
    await page.shows();
    await ann.call('auth.logout', {});
    await page.closed();
  });

  it('shows times of the configured zone', async () => {
    mm(app.config.im, 'displayZone', '-05:00');
    const [ann, bob] = await people(2);
    const page = await MiniProgram.open(ann, bob);
    const { sentAt } = await ann.ask('message.send', { body: { to: { userId: bob.id }, ...text('now') } });
    const [{ created_date }] = (await page.shows('now')).data;
    const shown = new Date(`${created_date.replace(' ', 'T')}-05:00`).getTime();
    assert.equal(shown, Math.floor(Date.parse(sentAt) / 1000) * 1000);
  });

  it('talks to one at another node, and finds everything there after a reconnect', async () => {
    const [ann, bob] = await people(2);
    const node = await Node.start();
    try {
      const [anns, bobs] = [await MiniProgram.open(ann, bob), await MiniProgram.open(bob, ann, { server: node.url })];
      anns.say('one');
      await Promise.all([anns, bobs].map(each => each.shows('one')));
      bobs.close();
      anns.say('two');
      await anns.shows('one', 'two');
      const again = await MiniProgram.open(bob, ann, { server: node.url });
      await again.shows('one', 'two');
      again.say('three');
      await anns.shows('one', 'two', 'three');
    } finally {
      await node.stop();
    }
  });
});
