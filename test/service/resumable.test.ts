import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { Upload, type UploadOptions } from 'tus-js-client';
import { AppError } from '../../app/schema/errors';
import { limit } from '../support/limits';
import { people, person, type Person } from '../support/person';
import { refused, Refusal, type Failure } from '../support/refusal';
import { daysAgo, purge } from '../support/retention';
import { app, count, mm, url } from '../support/service';
import { get } from '../support/upload';

const MB = 1 << 20;
const uploads = () => join(app.config.im.mediaDir, 'uploads');
const authorization = ({ session }: Person) => ({ authorization: `Bearer ${session.accessToken}` });

/** What tus-js-client does with a file, as its documents show it. */
function begin(who: Person, content: Buffer, options: Partial<UploadOptions> = {}): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const upload: Upload = new Upload(content, {
      endpoint: `${url()}/api/v1/uploads`,
      headers: authorization(who),
      metadata: { filename: 'holiday.bin', filetype: 'application/octet-stream' },
      retryDelays: [],
      onSuccess: () => resolve(upload),
      onError: reject,
      ...options,
    });
    upload.start();
  });
}

const idOf = ({ url: address }: Upload) => address!.slice(address!.lastIndexOf('/') + 1);
const show = (who: Person, upload: Upload) => who.call('upload.show', { uploadId: idOf(upload) });

/** A request of the protocol by itself. Throws Refusal. */
async function tus(who: Person, method: string, path = '', headers: Record<string, string> = {}, body?: Buffer) {
  const response = await fetch(`${url()}/api/v1/uploads${path}`, {
    method,
    headers: { ...authorization(who), 'tus-resumable': '1.0.0', ...headers },
    ...(body && { body: new Uint8Array(body) }),
  });
  if (response.ok) return response;
  const nothing = { code: 'INTERNAL', message: 'an answer without a body', retryable: false } as const;
  const { error } = method === 'HEAD' ? { error: nothing } : ((await response.json()) as { error: Failure });
  throw new Refusal(error, response.status);
}

const create = (who: Person, length: number, headers: Record<string, string> = {}) =>
  tus(who, 'POST', '', { 'upload-length': String(length), ...headers });
const pathOf = (response: Response) => `/${response.headers.get('location')!.split('/').pop()}`;
const send = (who: Person, path: string, offset: number, part: Buffer) =>
  tus(who, 'PATCH', path, { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' }, part);
const offsetOf = async (who: Person, path: string) =>
  Number((await tus(who, 'HEAD', path)).headers.get('upload-offset'));

/** Begins an upload whose connection breaks when so much of it is sent. */
async function broken(who: Person, content: Buffer, at: number): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const upload: Upload = new Upload(content, {
      endpoint: `${url()}/api/v1/uploads`,
      headers: authorization(who),
      metadata: { filename: 'holiday.bin' },
      chunkSize: MB,
      onProgress: sent => {
        if (sent >= at) void upload.abort().then(() => resolve(upload));
      },
      onError: reject,
    });
    upload.start();
  });
}

describe('an upload in parts', () => {
  it('is a medium when it is whole, of the same id, byte for byte', async () => {
    const ann = await person();
    const content = randomBytes(3 * MB);
    const upload = await begin(ann, content, { chunkSize: MB });
    const { id, kind, size, name, url: address } = await show(ann, upload);
    assert.deepEqual([id, kind, size, name], [idOf(upload), 'file', content.length, 'holiday.bin']);
    assert.deepEqual(Buffer.from(await (await get(address)).arrayBuffer()), content);
    assert.deepEqual(readdirSync(join(uploads(), ann.id)), [], 'nothing is left of the upload');
  });

  it('goes on where it has broken off', async () => {
    const ann = await person();
    const content = randomBytes(8 * MB);
    const upload = await broken(ann, content, 3 * MB);
    const path = `/${idOf(upload)}`;
    const kept = await offsetOf(ann, path);
    assert.ok(kept >= 2 * MB && kept < content.length, `${kept} bytes are kept`);
    await refused(show(ann, upload), 'NOT_FOUND');
    let sent = 0;
    await begin(ann, content, { uploadUrl: upload.url, onChunkComplete: size => (sent += size) });
    assert.equal(sent, content.length - kept);
    const { url: address } = await show(ann, upload);
    assert.deepEqual(Buffer.from(await (await get(address)).arrayBuffer()), content);
  });

  it('whose last answer was lost is found whole, and stored once', async () => {
    const ann = await person();
    const content = randomBytes(100_000);
    const path = pathOf(await create(ann, content.length));
    await send(ann, path, 0, content);
    assert.equal(await offsetOf(ann, path), content.length);
    const again = await begin(ann, content, { uploadUrl: `${url()}/api/v1/uploads${path}` });
    assert.equal((await show(ann, again)).size, content.length);
    assert.equal(await count('media WHERE user_id = :id', { id: ann.id }), 1);
  });

  it('that could not be stored is tried again when its medium is asked for', async () => {
    const ann = await person();
    const content = randomBytes(100_000);
    const path = pathOf(await create(ann, content.length));
    mm(app.engine.files, 'keep', () => Promise.reject(new AppError('UNAVAILABLE')));
    await refused(send(ann, path, 0, content), 'UNAVAILABLE');
    mm.restore();
    assert.equal(await offsetOf(ann, path), content.length);
    const uploadId = path.slice(1);
    const [one, two] = await Promise.all([1, 2].map(() => ann.call('upload.show', { uploadId })));
    assert.deepEqual([one.id, one], [uploadId, two]);
  });

  it('is its user’s: nobody else sees it, goes on with it or ends it', async () => {
    const [ann, bob] = await people(2);
    const path = pathOf(await create(ann, 10));
    await assert.rejects(offsetOf(bob, path), { status: 404 });
    await refused(send(bob, path, 0, Buffer.alloc(10)), 'NOT_FOUND');
    await refused(tus(bob, 'DELETE', path), 'NOT_FOUND');
    await send(ann, path, 0, Buffer.alloc(10, 'a'));
    await refused(bob.call('upload.show', { uploadId: path.slice(1) }), 'NOT_FOUND');
    const response = await fetch(`${url()}/api/v1/uploads`, { method: 'POST', headers: { 'tus-resumable': '1.0.0' } });
    assert.equal(response.status, 401);
  });

  it('has no path: neither its address nor its name leads anywhere', async () => {
    const [ann, bob] = await people(2);
    const path = pathOf(await create(bob, 10));
    for (const trick of [`/..%2f${bob.id}${path}`, `/${bob.id}%2f${path.slice(1)}`, `${path}.json`, '/%00', '/x']) {
      await refused(send(ann, trick, 0, Buffer.alloc(10)), 'NOT_FOUND');
    }
    const filename = Buffer.from('../../etc/passwd').toString('base64');
    const named = pathOf(await create(ann, 10, { 'upload-metadata': `filename ${filename}` }));
    await send(ann, named, 0, Buffer.alloc(10, 'b'));
    assert.equal((await ann.call('upload.show', { uploadId: named.slice(1) })).name, 'passwd');
  });

  it('is refused when it is too large, by its length or by its first bytes, and leaves nothing', async () => {
    const ann = await person();
    const { image, file } = app.config.im.mediaMaxBytes;
    const { details } = await refused(create(ann, file + 1), 'TOO_LARGE');
    assert.deepEqual(details, { limit: file });
    const path = pathOf(await create(ann, image + 1));
    const picture = Buffer.alloc(100_000);
    picture.write('\x89PNG\r\n\x1a\n', 'latin1');
    const refusal = await refused(send(ann, path, 0, picture), 'TOO_LARGE');
    assert.deepEqual(refusal.details, { limit: image });
    assert.deepEqual(readdirSync(join(uploads(), ann.id)), []);
    await refused(create(ann, 0), 'INVALID_INPUT');
  });

  it('is refused when the user has begun too many, or too long ones', async () => {
    const ann = await person();
    const { uploads: most, bytes } = app.config.im.mediaUnfinished;
    const begun = await Promise.allSettled(Array.from({ length: most + 5 }, () => create(ann, 10)));
    assert.equal(begun.filter(({ status }) => status === 'fulfilled').length, most);
    const { details } = await refused(create(ann, 10), 'LIMIT_REACHED');
    assert.deepEqual(details, { limit: most });
    const bob = await person();
    const large = Math.floor(bytes / 3) + 1;
    for (let index = 0; index < 2; index++) await create(bob, large);
    await refused(create(bob, large), 'LIMIT_REACHED');
    const [path] = readdirSync(join(uploads(), bob.id)).filter(name => !name.includes('.'));
    await tus(bob, 'DELETE', `/${path}`);
    await create(bob, large);
  });

  it('counts as files do', async () => {
    const ann = await person();
    await limit({ uploadBytes: 1000, uploads: 4 });
    await create(ann, 900);
    await refused(create(ann, 200), 'QUOTA_EXCEEDED');
    await create(ann, 100);
    await refused(create(ann, 1), 'QUOTA_EXCEEDED');
    await refused(create(ann, 1), 'RATE_LIMITED');
  });

  it('goes after a day when nobody has come back', async () => {
    const ann = await person();
    const path = pathOf(await create(ann, 1000));
    await send(ann, path, 0, Buffer.alloc(10));
    const files = readdirSync(join(uploads(), ann.id)).map(name => join(uploads(), ann.id, name));
    assert.equal(files.length, 2);
    await purge({ retentionDays: 0 });
    assert.equal(await offsetOf(ann, path), 10);
    for (const each of [...files, join(uploads(), ann.id)]) utimesSync(each, daysAgo(2), daysAgo(2));
    await purge({ retentionDays: 0 });
    assert.deepEqual(files.map(existsSync), [false, false]);
    await refused(send(ann, path, 10, Buffer.alloc(10)), 'NOT_FOUND');
  });

  it('is answered as the protocol says where the client is wrong', async () => {
    const ann = await person();
    const path = pathOf(await create(ann, 100));
    await refused(send(ann, path, 50, Buffer.alloc(10)), 'CONFLICT');
    await refused(tus(ann, 'PATCH', path, { 'upload-offset': '0' }, Buffer.alloc(10)), 'INVALID_INPUT');
    await refused(tus(ann, 'POST', '', { 'upload-defer-length': '1' }), 'INVALID_INPUT');
    await refused(tus(ann, 'POST', '', { 'upload-length': '10', 'tus-resumable': '0.2.2' }), 'INVALID_INPUT');
    await refused(send(ann, path, 0, Buffer.alloc(200)), 'TOO_LARGE');
    const { headers } = await tus(ann, 'OPTIONS');
    assert.equal(headers.get('tus-extension'), 'creation,expiration,termination');
  });
});
