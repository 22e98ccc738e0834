import { ERRORS, Upload } from '@tus/server';
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { failureOf, refusalOf } from '../../../app/lib/media/resumable/failures';
import { UploadStore } from '../../../app/lib/media/resumable/store';
import { AppError } from '../../../app/schema/errors';

const bounds = { image: 10_000, video: 10_000, voice: 10_000, file: 20_000 };

describe('uploads that come in parts', () => {
  let directory: string;
  let store: UploadStore;
  let finished: Map<string, number>;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'egg-im-uploads-'));
    finished = new Map();
    store = new UploadStore(directory, bounds, { uploads: 2, bytes: 30_000 }, id => Promise.resolve(finished.get(id)));
    await mkdir(join(directory, '7'));
  });

  afterEach(() => rm(directory, { recursive: true }));

  const begin = (id: string, size: number) => store.create(new Upload({ id, size, offset: 0 }));
  const refuses = (size: number, limit: number) =>
    assert.rejects(store.assertRoom(7, size), { code: 'LIMIT_REACHED', details: { limit } });

  it('have room for so many of a user, and so many bytes, to the byte', async () => {
    await store.assertRoom(7, 30_000);
    await refuses(30_001, 30_000);
    await begin('7/a', 20_000);
    await store.assertRoom(7, 10_000);
    await refuses(10_001, 30_000);
    await begin('7/b', 1);
    await refuses(1, 2);
    // Of another user nothing was begun, not even a directory.
    await store.assertRoom(8, 30_000);
  });

  it('make room when one is let go of, of which nothing is left', async () => {
    await begin('7/a', 20_000);
    await begin('7/b', 10_000);
    await store.forget('7/a');
    await store.forget('7/a');
    assert.deepEqual((await readdir(join(directory, '7'))).sort(), ['b', 'b.json']);
    await store.assertRoom(7, 20_000);
  });

  it('go on where they are', async () => {
    await begin('7/a', 6);
    assert.equal(await store.write(Readable.from([Buffer.from('abc')]), '7/a', 0), 3);
    assert.equal((await store.getUpload('7/a')).offset, 3);
    assert.equal(await store.write(Readable.from([Buffer.from('def')]), '7/a', 3), 6);
  });

  it('are let go of when their first bytes say that they will be too large', async () => {
    await begin('7/a', 20_000);
    const picture = Buffer.alloc(5000);
    picture.write('\x89PNG\r\n\x1a\n', 'latin1');
    await assert.rejects(store.write(Readable.from([picture]), '7/a', 0), {
      code: 'TOO_LARGE',
      details: { limit: 10_000 },
    });
    assert.deepEqual(await readdir(join(directory, '7')), []);
  });

  it('stay when their connection breaks', async () => {
    await begin('7/a', 6);
    async function* broken() {
      yield await Promise.resolve(Buffer.from('abc'));
      throw new Error('broken off');
    }
    await assert.rejects(store.write(Readable.from(broken()), '7/a', 0));
    assert.deepEqual((await readdir(join(directory, '7'))).sort(), ['a', 'a.json']);
  });

  it('are whole when they have become a medium, and not there when they have not', async () => {
    finished.set('7/done', 12);
    const { size, offset } = await store.getUpload('7/done');
    assert.deepEqual([size, offset], [12, 12]);
    await assert.rejects(store.getUpload('7/never'), error => error === ERRORS.FILE_NOT_FOUND);
  });
});

describe('a refusal of the protocol of uploads in parts', () => {
  const codes = {
    400: 'INVALID_INPUT',
    404: 'NOT_FOUND',
    409: 'CONFLICT',
    410: 'NOT_FOUND',
    413: 'TOO_LARGE',
    415: 'INVALID_INPUT',
  };
  for (const [status, code] of Object.entries(codes)) {
    it(`with the status ${status} is ${code}`, () => {
      const { code: given, details } = refusalOf(Number(status), ' its words\n');
      assert.equal(given, code);
      assert.deepEqual(details, code === 'INVALID_INPUT' ? [{ path: '/', message: 'its words' }] : undefined);
    });
  }

  it('is worth another try where the disk or another request was in the way', () => {
    for (const each of [ERRORS.FILE_WRITE_ERROR, ERRORS.ERR_LOCK_TIMEOUT, ERRORS.ABORTED]) {
      const failure = failureOf(each);
      assert.ok(failure instanceof AppError);
      assert.deepEqual([failure.code, failure.retryable, failure.cause], ['UNAVAILABLE', true, each]);
    }
  });

  it('is ours by its status, and a mistake of ours is what it is', () => {
    const failure = failureOf(ERRORS.INVALID_OFFSET);
    assert.ok(failure instanceof AppError);
    assert.equal(failure.code, 'CONFLICT');
    const mistake = new TypeError('a mistake');
    assert.equal(failureOf(mistake), mistake);
  });
});
