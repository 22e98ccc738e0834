import type { Client } from 'egg-im-client';
import { until } from 'egg-im-client';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { person, type Person } from '../support/person';
import { Proxy } from '../support/proxy';
import { sdkIn } from '../support/realm';
import { clientOf, closing, expire } from '../support/sdk';
import { url } from '../support/service';
import { get, png } from '../support/upload';
import { Wx } from '../support/wx';

/** The client of a mini-program, where nothing is but `wx`. */
async function clientIn(wx: Wx, server = url()): Promise<Client> {
  const { Client, miniProgram } = await sdkIn({ wx });
  return closing(new Client({ url: server, ...miniProgram(wx) }));
}

async function registered(wx: Wx, server?: string): Promise<Client> {
  const client = await clientIn(wx, server);
  await client.register({ account: `m${randomUUID()}`, password: 'correct horse battery', name: 'Mia' });
  await client.level();
  return client;
}

const text = (words: string) => ({ type: 'text', content: { text: words } }) as const;
const textsOf = (client: Client, { id }: Person) => {
  const list = client.messages({ userId: id });
  return (...texts: string[]) =>
    until(list, ({ messages }) => messages.map(each => each.content.text).join() === texts.join());
};

describe('the client in a mini-program', () => {
  it('registers, chats, is pushed to, loses its connection and comes back', async () => {
    const way = new Proxy({ host: '127.0.0.1', port: Number(new URL(url()).port) });
    const mia = await registered(new Wx(), `http://127.0.0.1:${way.port}`);
    const ben = await person();
    const bens = await clientOf(ben);
    const shown = textsOf(mia, ben);

    const { conversationId } = await mia.send({ to: { userId: ben.id }, ...text('Hello') });
    await bens.send({ conversationId, ...text('Hi') });
    await shown('Hello', 'Hi');

    way.cut();
    await until(mia.connection, ({ state }) => state !== 'online');
    const sent = mia.send({ conversationId, ...text('written without a connection') });
    await bens.send({ conversationId, ...text('sent meanwhile') });
    way.restore();
    mia.wake();
    await sent;
    await shown('Hello', 'Hi', 'sent meanwhile', 'written without a connection');
  });

  it('goes on with its session when it is started again', async () => {
    const wx = new Wx();
    const { userId, deviceId } = (await registered(wx)).session.value!;
    const again = await clientIn(wx);
    assert.equal(await again.start(), true);
    await again.level();
    assert.equal(again.session.value!.userId, userId);
    const [session] = (await again.api.session.index({})).items;
    assert.deepEqual([session.deviceId, session.platform], [deviceId, 'mini']);
  });

  it('is told why it is refused', async () => {
    const mia = await registered(new Wx());
    await assert.rejects(
      mia.register({ account: mia.people.me.value!.account, password: 'wrong horse', name: 'Mia' }),
      {
        name: 'ImError',
        code: 'ACCOUNT_TAKEN',
      },
    );
  });

  describe('with a file', () => {
    let directory = '';
    let path = '';

    before(async () => {
      directory = await mkdtemp(join(tmpdir(), 'mini-program-'));
      path = join(directory, 'pixel.png');
      await writeFile(path, png);
    });

    after(() => rm(directory, { recursive: true }));

    it('uploads a picture and sends it, also when its token has expired', async () => {
      const [mia, ben] = [await registered(new Wx()), await person()];
      const bens = await clientOf(ben);
      expire(mia);
      await mia.send({ to: { userId: ben.id }, type: 'image', content: {}, attachment: { source: path } });
      const [{ lastMessage }] = await until(bens.conversations, views => views[0]?.lastMessage?.type === 'image');
      const { url: address } = lastMessage!.content;
      assert.deepEqual(Buffer.from(await (await get(String(address))).arrayBuffer()), png);
    });

    it('has it as the picture of the user', async () => {
      const mia = await registered(new Wx());
      const { url: avatar } = await mia.upload({ source: path });
      await mia.api.user.update({ avatar });
      const me = await until(mia.people.me, each => each?.avatar !== undefined);
      assert.equal((await get(me!.avatar!)).status, 200);
    });

    it('is told that a file is none, or is not there', async () => {
      const mia = await registered(new Wx());
      const nothing = join(directory, 'nothing.png');
      await writeFile(nothing, '');
      await assert.rejects(mia.upload({ source: nothing }), { code: 'INVALID_INPUT' });
      await assert.rejects(mia.upload({ source: 7 }), { code: 'INVALID_INPUT' });
    });
  });
});
