import { Cancel, Client, fetchHttp, MemoryStore, until, type Draft, type Http, type HttpRequest } from 'egg-im-client';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { AppError } from '../../app/schema/errors';
import { people, person, type Person } from '../support/person';
import { Proxy } from '../support/proxy';
import { png as picture, get } from '../support/upload';
import { videoMp4 } from '../support/samples';
import { clientOf, closing, expire } from '../support/sdk';
import { app, mm, url } from '../support/service';

const MB = 1 << 20;
const QUARTER = MB / 2 / (2 * MB);

/** What an application keeps from one start to the next. */
function kept() {
  const [store, texts] = [new MemoryStore(), new Map<string, string>()];
  return {
    store: async () => Promise.resolve(store),
    storage: {
      get: (key: string) => texts.get(key),
      set: (key: string, value: string) => void texts.set(key, value),
      remove: (key: string) => void texts.delete(key),
    },
  };
}

/** Makes requests, and remembers those of uploads. */
function watched() {
  const requests: HttpRequest[] = [];
  const http: Http = async request => {
    if (request.url.includes('/uploads')) requests.push(request);
    return fetchHttp(request);
  };
  const offsets = () =>
    requests.filter(({ method }) => method === 'PATCH').map(({ headers }) => Number(headers['upload-offset']));
  return { http, requests, offsets };
}

function fileFor({ id }: Person, content: Buffer, name = 'notes.bin'): Draft {
  const source = new Blob([new Uint8Array(content)]);
  return { to: { userId: id }, type: 'file', content: {}, attachment: { source, name } };
}

/** Resolves when so much of the only upload is there. */
const uploaded = (client: Client, part: number) =>
  until(client.uploads, progress => (Object.values(progress)[0] ?? 0) >= part);

async function contentOf(address: unknown): Promise<Buffer> {
  return Buffer.from(await (await get(String(address))).arrayBuffer());
}

/** A way to the service that a test can cut. */
function way() {
  const proxy = new Proxy({ host: '127.0.0.1', port: Number(new URL(url()).port) });
  return { proxy, url: `http://127.0.0.1:${proxy.port}` };
}

describe('an upload of the client', () => {
  const content = randomBytes(2 * MB);

  it('tells how much of it is there, and belongs to a message then', async () => {
    const [ann, ben] = await people(2);
    const anns = await clientOf(ann);
    const seen: number[] = [];
    anns.uploads.subscribe(progress => seen.push(...Object.values(progress)));
    const message = await anns.send(fileFor(ben, content));
    assert.deepEqual([...new Set(seen)], [0, QUARTER, 2 * QUARTER, 3 * QUARTER, 1]);
    assert.deepEqual(anns.uploads.value, {});
    assert.equal(message.content.name, 'notes.bin');
    assert.deepEqual(await contentOf(message.content.url), content);
  });

  it('goes on where it was when the connection has broken', async () => {
    const [ann, ben] = await people(2);
    const { proxy, url: server } = way();
    const { http, offsets } = watched();
    const anns = await clientOf(ann, { url: server, http });
    const sent = anns.send(fileFor(ben, content));
    await uploaded(anns, QUARTER);
    proxy.cut();
    await until(anns.connection, ({ state }) => state !== 'online');
    const before = offsets().length;
    proxy.restore();
    anns.wake();
    assert.deepEqual(await contentOf((await sent).content.url), content);
    const after = offsets().slice(before);
    assert.ok(after.length > 0 && after.every(at => at >= MB / 2), `went on with ${after}`);
  });

  it('goes on where it was when the client is started again', async () => {
    const [ann, ben] = await people(2);
    const things = kept();
    const first = await clientOf(ann, things);
    await first.post(fileFor(ben, content));
    await uploaded(first, 2 * QUARTER);
    await first.close();

    const { http, offsets } = watched();
    const again = closing(new Client({ url: url(), http, ...things }));
    await again.start();
    const { messages } = await until(again.messages({ userId: ben.id }), each => each.messages.length === 1);
    assert.deepEqual(await contentOf(messages[0].content.url), content);
    assert.ok(
      offsets().every(at => at >= MB),
      `sent again from ${offsets()}`,
    );
  });

  it('that is cancelled with its message is nowhere any more', async () => {
    const [ann, ben] = await people(2);
    let http = fetchHttp;
    const gone = new Promise<number>(resolve => {
      http = async request => {
        const answer = await fetchHttp(request);
        if (request.method === 'DELETE') resolve(answer.status);
        return answer;
      };
    });
    const anns = await clientOf(ann, { http });
    const list = anns.messages({ userId: ben.id });
    const item = await anns.post(fileFor(ben, content));
    await uploaded(anns, QUARTER);
    await anns.discard(item.clientMsgId);
    await until(list, ({ pending }) => pending.length === 0);
    assert.equal(await gone, 204);
    await until(anns.uploads, progress => Object.keys(progress).length === 0);
    assert.deepEqual(anns.conversations.value, []);
  });

  it('is cancelled by who has asked for it', async () => {
    const anns = await clientOf(await person());
    const signal = new Cancel();
    const onProgress = (part: number) => part >= QUARTER && signal.abort();
    const source = new Blob([new Uint8Array(content)]);
    await assert.rejects(anns.upload({ source, signal, onProgress }), { code: 'CANCELLED' });
  });

  it('that is too large is a failure of its message, which can be taken back', async () => {
    const [ann, ben] = await people(2);
    const anns = await clientOf(ann);
    const huge = Buffer.alloc(app.config.im.mediaMaxBytes.image + 1);
    picture.copy(huge);
    const list = anns.messages({ userId: ben.id });
    await assert.rejects(anns.send(fileFor(ben, huge)), { code: 'TOO_LARGE', retryable: false });
    const { pending } = await until(list, each => each.pending[0]?.state === 'failed');
    assert.equal(pending[0].error!.code, 'TOO_LARGE');
    await anns.discard(pending[0].clientMsgId);
    await until(list, each => each.pending.length === 0);
  });

  it('outlives its access token', async () => {
    const [ann, ben] = await people(2);
    const anns = await clientOf(ann);
    const sent = anns.send(fileFor(ben, content));
    await uploaded(anns, QUARTER);
    expire(anns);
    assert.deepEqual(await contentOf((await sent).content.url), content);
  });

  it('outlives it also when it only asks where it was', async () => {
    const anns = await clientOf(await person());
    let uploadUrl = '';
    const signal = new Cancel();
    const keep = async (given: string) => Promise.resolve(void (uploadUrl = given));
    const source = new Blob([new Uint8Array(content)]);
    await anns.upload({ source, keep });
    expire(anns);
    assert.equal((await anns.upload({ source, uploadUrl, signal })).size, content.length);
  });

  it('that could not be stored is stored later', async () => {
    const [ann, ben] = await people(2);
    const anns = await clientOf(ann);
    const { files } = app.engine;
    const keep = files.keep.bind(files);
    let times = 0;
    mm(files, 'keep', async (...file: Parameters<typeof keep>) => {
      if (times++ === 0) throw new AppError('UNAVAILABLE');
      return keep(...file);
    });
    // Another than those that are stored already.
    const fresh = randomBytes(1000);
    assert.deepEqual(await contentOf((await anns.send(fileFor(ben, fresh))).content.url), fresh);
    assert.equal(times, 2);
  });

  it('may be the picture of the user', async () => {
    const anns = await clientOf(await person());
    const { url: avatar } = await anns.upload({ source: new Blob([new Uint8Array(picture)]), name: 'me.png' });
    await anns.api.user.update({ avatar });
    const me = await until(anns.people.me, each => each?.avatar !== undefined);
    assert.deepEqual(await contentOf(me!.avatar), picture);
  });

  it('may be a video with its poster', async () => {
    const [ann, ben] = await people(2);
    const [anns, bens] = [await clientOf(ann), await clientOf(ben)];
    await anns.send({
      ...fileFor(ben, videoMp4(), 'a.mp4'),
      type: 'video',
      poster: { source: new Blob([new Uint8Array(picture)]) },
    });
    const [{ lastMessage }] = await until(bens.conversations, views => views[0]?.lastMessage?.type === 'video');
    const { url: video, thumbnailUrl } = lastMessage!.content;
    assert.deepEqual(await contentOf(video), videoMp4());
    assert.equal((await get(String(thumbnailUrl))).headers.get('content-type'), 'image/webp');
  });
});
