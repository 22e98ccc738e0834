import { until, type Client } from 'egg-im-client';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { person } from '../support/person';
import { Phone } from '../support/phone';
import { Proxy } from '../support/proxy';
import { sdkIn } from '../support/realm';
import { clientOf, closing } from '../support/sdk';
import { url } from '../support/service';
import { get, png } from '../support/upload';

describe('the client in React Native', () => {
  const phone = new Phone();
  before(() => phone.begin());
  after(() => phone.end());

  /** The application, started. */
  async function clientOn({ globals, asyncStorage, openDatabase }: Phone, server = url()): Promise<Client> {
    const { Client, sqlite, uploadInParts } = await sdkIn(globals);
    const client = new Client({
      url: server,
      platform: 'ios',
      storage: {
        get: key => asyncStorage.getItem(key),
        set: (key, value) => asyncStorage.setItem(key, value),
        remove: key => asyncStorage.removeItem(key),
      },
      store: sqlite(openDatabase),
      uploader: async (upload, to) => {
        const file = await globals.fetch(String(upload.source));
        return uploadInParts({ ...upload, source: await file.blob() }, to);
      },
    });
    return closing(client);
  }

  async function registered(server?: string): Promise<Client> {
    const client = await clientOn(phone, server);
    await client.register({ account: `r${randomUUID()}`, password: 'correct horse battery', name: 'Rea' });
    await client.level();
    return client;
  }

  it('shows what it has before there is a network, and sends what was written without one, once', async () => {
    const way = new Proxy({ host: '127.0.0.1', port: Number(new URL(url()).port) });
    const server = `http://127.0.0.1:${way.port}`;
    const ben = await person();
    const bens = await clientOf(ben);
    const rea = await registered(server);
    const { conversationId } = await rea.send({ to: { userId: ben.id }, type: 'text', content: { text: 'one' } });
    await bens.send({ conversationId, type: 'text', content: { text: 'two' } });
    await until(rea.conversations, ([first]) => first.lastSeq === 2 && first.name === 'Pat');
    way.cut();
    await until(rea.connection, ({ state }) => state !== 'online');
    await rea.post({ conversationId, type: 'text', content: { text: 'three' } });
    await rea.close();

    const again = await clientOn(phone, server);
    assert.equal(await again.start(), true);
    assert.deepEqual(
      [...again.conversations.value].map(({ name, lastSeq }) => [name, lastSeq]),
      [['Pat', 2]],
    );
    const list = again.messages({ conversationId });
    const { pending } = await until(list, each => each.pending.length === 1);
    assert.equal(pending[0].content.text, 'three');
    way.restore();
    again.wake();
    const { messages } = await until(list, each => each.messages.length === 3);
    assert.deepEqual(
      [...messages].map(({ seq, content }) => [seq, content.text]),
      [
        [1, 'one'],
        [2, 'two'],
        [3, 'three'],
      ],
    );
  });

  it('sends a picture of the telephone', async () => {
    const [rea, ben] = [await registered(), await person()];
    const source = await phone.keep('pixel.png', png);
    const { content } = await rea.send({
      to: { userId: ben.id },
      type: 'image',
      content: {},
      attachment: { source, name: 'ein Bild – 图片.png' },
    });
    assert.deepEqual(Buffer.from(await (await get(String(content.url))).arrayBuffer()), png);
    assert.equal(content.name, 'ein Bild – 图片.png');
  });
});
