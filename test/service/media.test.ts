import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { app, count, select, url } from '../support/service';
import { person } from '../support/person';
import { refused, type Failure } from '../support/refusal';
import { formOf, get, idOf, png, post, upload } from '../support/upload';

/** The key of the file that a medium has. */
async function fileIdOf(path: string): Promise<string> {
  const medium = await app.model.Media.findByPk(idOf(path));
  return medium!.fileId!;
}

/** Uploads on their way, and whole files. */
function filesThere() {
  const { mediaDir } = app.config.im;
  const unfinished = join(mediaDir, 'unfinished');
  return {
    unfinished: existsSync(unfinished) ? readdirSync(unfinished) : [],
    whole: readdirSync(mediaDir, { recursive: true, withFileTypes: true }).filter(each => each.isFile()).length,
  };
}

/** Runs an upload that has to leave nothing, neither row nor file. */
async function leavesNothing(work: () => Promise<unknown>): Promise<void> {
  const before = { rows: await count('media'), ...filesThere() };
  await work();
  assert.deepEqual({ rows: await count('media'), ...filesThere() }, before);
}

describe('uploading a file', () => {
  before(async () => {
    await upload(await person(), { content: png });
  });

  it('keeps it, and its address gives it byte for byte', async () => {
    const ann = await person();
    const media = await upload(ann, { content: png, name: 'pixel.png', type: 'image/png' });
    const { id, url: address, thumbnailUrl, blurhash } = media;
    const seen = { width: 1, height: 1, blurhash };
    const expected = { kind: 'image', size: png.length, mime: 'image/png', name: 'pixel.png', ...seen };
    assert.deepEqual(media, { id, url: address, thumbnailUrl, ...expected });
    assert.equal(idOf(address), id);
    assert.match(media.id, /^[\w-]{22}$/);
    const response = await get(media.url);
    assert.equal(response.status, 200);
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), png);
    assert.equal(response.headers.get('content-type'), 'image/png');
    assert.equal(response.headers.get('content-length'), String(png.length));
    const [row] = await select('SELECT app, user_id, name, size, mime FROM media WHERE id = :id', {
      id: idOf(media.url),
    });
    assert.deepEqual(row, {
      app: 'default',
      user_id: Number(ann.id),
      name: 'pixel.png',
      size: png.length,
      mime: 'image/png',
    });
  });

  it('gives what a message of that type takes', async () => {
    const [ann, bob] = [await person(), await person()];
    const { id: mediaId, kind: type } = await upload(ann, { content: png });
    const body = { to: { userId: bob.id }, clientMsgId: crypto.randomUUID(), type, content: { mediaId } };
    const { conversationId } = await ann.ask('message.send', { body });
    const [message] = await bob.call('message.index', { conversationId, limit: 1 });
    assert.equal(message.content.mediaId, mediaId);
  });

  it('takes a name in any language, and no path of it', async () => {
    const ann = await person();
    assert.equal((await upload(ann, { content: png, name: '猫 (1).png' })).name, '猫 (1).png');
    assert.equal((await upload(ann, { content: png, name: '../../etc/passwd' })).name, 'passwd');
    const long = await upload(ann, { content: png, name: `${'x'.repeat(300)}.png` });
    assert.equal(long.name?.length, 255);
    const cut = await upload(ann, { content: png, name: `${'x'.repeat(254)}😀.png` });
    assert.equal(cut.name, 'x'.repeat(254));
    assert.equal((await get(cut.url)).status, 200);
  });

  it('refuses what is not a form with one file, and keeps nothing of it', async () => {
    const ann = await person();
    const multipart = (boundary: string) => ({ 'content-type': `multipart/form-data${boundary}` });
    const words = new FormData();
    words.append('file', 'not a file');
    await leavesNothing(async () => {
      await refused(post(ann, '{}', { 'content-type': 'application/json' }), 'INVALID_INPUT');
      await refused(post(ann, 'no boundary', multipart('')), 'INVALID_INPUT');
      await refused(post(ann, 'nothing of it', multipart('; boundary=x')), 'INVALID_INPUT');
      await refused(post(ann, new FormData()), 'INVALID_INPUT');
      await refused(post(ann, words), 'INVALID_INPUT');
      await refused(post(ann, formOf({ content: png, field: 'picture' })), 'INVALID_INPUT');
      await refused(post(ann, formOf({ content: png }, { content: png })), 'INVALID_INPUT');
      const cut = '--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nthe beginning';
      await refused(post(ann, cut, multipart('; boundary=x')), 'INVALID_INPUT');
    });
  });

  it('needs a token', async () => {
    const response = await fetch(`${url()}/api/v1/media`, { method: 'POST', body: formOf({ content: png }) });
    const { error } = (await response.json()) as { error: Failure };
    assert.deepEqual([response.status, error.code], [401, 'UNAUTHENTICATED']);
  });

  it('that breaks off leaves nothing', async () => {
    const ann = await person();
    const { hostname, port } = new URL(url());
    await leavesNothing(async () => {
      const socket = connect(Number(port), hostname);
      socket.write(
        `POST /api/v1/media HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ann.session.accessToken}\r\n` +
          'Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000000\r\n\r\n' +
          '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n',
      );
      socket.write(randomBytes(100_000));
      await until(() => filesThere().unfinished.length > 0);
      socket.destroy();
      await until(() => filesThere().unfinished.length === 0);
    });
  });
});

function openFiles(): string[] {
  return readdirSync('/proc/self/fd').map(fd => {
    try {
      return readlinkSync(join('/proc/self/fd', fd));
    } catch {
      return '';
    }
  });
}

/** Looks at the disk, of which nobody tells, until it is as it should be. */
async function until(look: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 5000; !look();) {
    assert.ok(Date.now() < deadline, 'waited 5 s in vain');
    await new Promise(resolve => setImmediate(resolve));
  }
}

describe('a medium', () => {
  it('is never a page: whatever its uploader says, a browser runs nothing of it', async () => {
    const ann = await person();
    const script = '<script>alert(1)</script>';
    for (const [content, type, name] of [
      [`<!doctype html>${script}`, 'text/html', 'page.html'],
      [`<svg xmlns="http://www.w3.org/2000/svg">${script}</svg>`, 'image/svg+xml', 'picture.svg'],
      [`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg">${script}</svg>`, 'image/png', 'picture.png'],
      ['alert(1)', 'text/javascript', 'script.js'],
    ]) {
      const { url: address, mime } = await upload(ann, { content, type, name });
      assert.equal(mime, 'application/octet-stream');
      const { headers } = await get(address);
      assert.equal(headers.get('content-type'), 'application/octet-stream');
      assert.equal(headers.get('content-disposition'), `attachment; filename="${name}"`);
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.equal(headers.get('content-security-policy'), "sandbox; default-src 'none'");
    }
  });

  it('is shown in its place when it is a picture, a film or a sound, and kept by the browser', async () => {
    const ann = await person();
    const { url: address } = await upload(ann, { content: png, name: '猫.png', type: 'text/html' });
    const { headers } = await get(address);
    assert.equal(headers.get('content-type'), 'image/png');
    assert.match(headers.get('content-disposition')!, /^inline; filename="\?\.png"; filename\*=UTF-8''%E7%8C%AB\.png$/);
    assert.equal(headers.get('content-security-policy'), "sandbox; default-src 'none'");
    assert.match(headers.get('cache-control')!, /^private, max-age=(3[6-9]\d\d|[45]\d{3}), immutable$/);
    const kept = { 'if-none-match': headers.get('etag')!, 'cache-control': 'max-age=0' };
    assert.equal((await get(address, kept)).status, 304);
  });

  it('is given in parts, as players want it', async () => {
    const content = randomBytes(200_000);
    const { url: address } = await upload(await person(), { content });
    const part = async (range: string, headers: Record<string, string> = {}) => {
      const response = await get(address, { range, ...headers });
      return {
        status: response.status,
        range: response.headers.get('content-range'),
        body: Buffer.from(await response.arrayBuffer()),
      };
    };
    const of = (from: number, to: number) => ({
      status: 206,
      range: `bytes ${from}-${to}/200000`,
      body: content.subarray(from, to + 1),
    });
    assert.deepEqual(await part('bytes=0-1'), of(0, 1));
    assert.deepEqual(await part('bytes=100000-'), of(100_000, 199_999));
    assert.deepEqual(await part('bytes=-5'), of(199_995, 199_999));
    assert.deepEqual(await part('bytes=199999-999999'), of(199_999, 199_999));
    const beyond = await part('bytes=200000-');
    assert.deepEqual([beyond.status, beyond.range], [416, 'bytes */200000']);
    for (const range of ['bytes=0-1,5-6', 'lines=1-2']) {
      assert.deepEqual(await part(range), { status: 200, range: null, body: content });
    }
    assert.equal((await part('bytes=0-1', { 'if-range': '"another"' })).status, 200);
    const { headers } = await get(address, {}, 'HEAD');
    assert.deepEqual([headers.get('accept-ranges'), headers.get('content-length')], ['bytes', '200000']);
  });

  it('is open for no longer than it is read', async function () {
    // Where Linux tells of the files that a process has open, and they are on its disk.
    if (!existsSync('/proc/self/fd') || app.config.im.storage.type !== 'local') this.skip();
    const { url: address } = await upload(await person(), { content: randomBytes(5_000_000) });
    const fileId = await fileIdOf(address);
    const isOpen = () => openFiles().some(path => path.endsWith(fileId));
    await get(address, {}, 'HEAD');
    await get(address, { range: 'bytes=9999999-' });
    await get(address, { 'if-none-match': `"${fileId}"`, 'cache-control': 'max-age=0' });
    const { body } = await get(address);
    assert.ok(isOpen());
    await body!.cancel();
    await until(() => !isOpen());
  });

  it('that is not there, or that no id names, is not found', async () => {
    const { url: address } = await upload(await person(), { content: png });
    const id = idOf(address);
    await app.model.Media.destroy({ where: { id } });
    const other = `${id[0] === 'A' ? 'B' : 'A'}${id.slice(1)}`;
    const paths = [
      address,
      `/media/${other}`,
      '/media/x',
      '/media/',
      `/media/${id}x`,
      `/media/..%2f${id.slice(0, 2)}%2f${id}`,
      '/media/%2e%2e%2funfinished',
    ];
    for (const path of paths) {
      const response = await get(path);
      const { error } = (await response.json()) as { error: Failure };
      assert.deepEqual([path, response.status, error.code], [path, 404, 'NOT_FOUND']);
      assert.equal(response.headers.get('cache-control')?.includes('immutable') ?? false, false);
    }
    assert.equal((await get('/media/..%2f..%2f..%2fpackage.json')).status, 400, 'turned away before it gets there');
  });
});
