import assert from 'node:assert/strict';
import { MiniProgram } from '../support/mini_program';
import { Node } from '../support/node';
import { people, text, type Person } from '../support/person';
import { history, pair, PrivateClient } from '../support/private_client';
import { url } from '../support/service';
import { formOf, png } from '../support/upload';

/** The address that a mini-program gets for a picture. */
async function uploadOf({ session }: Person): Promise<string> {
  const path = `${url()}/users/upload_avatar?token=${session.accessToken}`;
  const response = await fetch(path, {
    method: 'POST',
    body: formOf({ field: 'avatar', content: png, name: 'a.png' }),
  });
  return ((await response.json()) as { payload: { avatar_path: string } }).payload.avatar_path;
}

describe('private messages across protocols and nodes', () => {
  it('go to /im and to mini-programs and come from there, with deletions and recalls', async () => {
    const [ann, bob, anns] = await pair();
    const [page, device] = [await MiniProgram.open(bob, ann), await bob.connect()];
    anns.emit('sendmsg', { uid: bob.id, msg: 'from S3' });
    const { conversationId } = await device.until(() => device.replica.messages.at(0), 'the message');
    await page.shows('from S3');
    page.say('from a mini-program');
    await anns.message('from a mini-program');
    await device.send({ conversationId, ...text('from /im') });
    await anns.message('from /im');
    await bob.call('message.recall', { conversationId, seq: 2 });
    await anns.deletion(`${conversationId}-2`);
    await bob.call('message.remove', { conversationId, seqs: [3], for: 'both' });
    await anns.deletion(`${conversationId}-3`);
    anns.emit('delmsg', { uid: bob.id, msgid: `${conversationId}-1` });
    await page.shows('[消息已撤回]');
    const { rows } = await history(ann, `?uid=${bob.id}`);
    assert.deepEqual(rows, []);
  });

  it('come as pictures of a mini-program with an address that opens, until they are recalled', async () => {
    const [ann, bob, anns] = await pair();
    const page = await MiniProgram.open(bob, ann);
    page.say(await uploadOf(bob), 1);
    const { ct, extra, msgid } = await anns.until(() => anns.messages.at(0), 'the picture');
    const { type, content } = extra as { type: string; content: { url: string; thumbnailUrl: string; width: number } };
    assert.deepEqual([type, content.url, content.width], ['image', ct, 1]);
    for (const address of [ct, content.thumbnailUrl]) assert.equal((await fetch(address)).status, 200);
    const [conversationId, seq] = msgid.split('-');
    await bob.call('message.recall', { conversationId, seq: Number(seq) });
    await anns.deletion(msgid);
    assert.equal((await fetch(ct)).status, 404);
  });

  it('come of other types with what they hold, and of groups not at all', async () => {
    const [ann, bob, anns] = await pair();
    const { conversationId } = await bob.call('group.create', { name: 'Both', memberIds: [ann.id] });
    await bob.ask('message.create', { path: { conversationId }, body: text('in the group') });
    await bob.call('message.recall', { conversationId, seq: 1 });
    const content = { latitude: 39.9, longitude: 116.4, name: '天安门' };
    const body = { to: { userId: ann.id }, ...text(''), type: 'location', content };
    await bob.ask('message.send', { body });
    const { extra } = await anns.message('[位置] 天安门');
    assert.deepEqual(extra, { type: 'location', content });
    assert.deepEqual(anns.told.length, 1);
  });

  it('go from one node to another, are in the history after a reconnect, and the newest connection of all nodes stays', async () => {
    const [ann, bob] = await people(2);
    const node = await Node.start();
    try {
      const anns = await PrivateClient.open(ann);
      const bobs = await PrivateClient.open(bob, { server: node.url });
      anns.emit('sendmsg', { uid: bob.id, msg: 'one' });
      bobs.emit('sendmsg', { uid: ann.id, msg: 'two' });
      await Promise.all([bobs.message('one'), anns.message('two')]);
      bobs.socket.disconnect();
      anns.emit('sendmsg', { uid: bob.id, msg: 'three' });
      await ann.connect().then(device => device.until(() => device.replica.messages.at(2), 'the third'));
      bobs.socket.open();
      await bobs.entered(2);
      const { rows } = await history(bob, `?uid=${ann.id}`);
      assert.deepEqual(
        rows.map(({ ct }) => ct),
        ['one', 'two', 'three'],
      );
      anns.emit('sendmsg', { uid: bob.id, msg: 'four' });
      await bobs.message('four');
      const here = await PrivateClient.open(bob);
      await bobs.until(() => bobs.ends.at(1), 'the end');
      anns.emit('sendmsg', { uid: bob.id, msg: 'five' });
      await here.message('five');
      assert.deepEqual(bobs.ends, ['io client disconnect', 'io server disconnect']);
    } finally {
      await node.stop();
    }
  });
});
