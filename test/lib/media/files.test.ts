import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { MediaFiles, UPLOADS } from '../../../app/lib/media/files';
import { diskFailure, unlessMissing } from '../../../app/lib/media/storage/disk';
import { AppError } from '../../../app/schema/errors';

const KEY = 'ab'.repeat(32);

async function* chunks(...texts: string[]) {
  for (const each of texts) yield await Promise.resolve(Buffer.from(each));
}

describe('files on a disk', () => {
  let dir: string;
  let files: MediaFiles;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'egg-im-media-'));
    files = new MediaFiles(dir);
  });

  afterEach(() => rm(dir, { recursive: true }));

  const receive = (name: string, ...texts: string[]) => files.receive(name, chunks(...texts));

  it('are known by the hash and the size of their bytes, as they come and as they lie there', async () => {
    const received = await receive('a', 'hello ', '', 'world');
    const hash = createHash('sha256').update('hello world').digest('hex');
    assert.deepEqual(received, { path: join(dir, 'unfinished', 'a'), hash, size: 11 });
    assert.deepEqual(await files.measure(received.path), received);
    const { hash: ofNothing, size } = await receive('b');
    assert.deepEqual([ofNothing, size], [createHash('sha256').digest('hex'), 0]);
  });

  it('are put in the place of what was there, and are gone from their own', async () => {
    for (const text of ['first', 'second']) {
      const { path } = await receive('a', text);
      await files.keep(KEY, path);
      assert.equal(existsSync(path), false);
    }
    assert.equal(await readFile(join(dir, 'ab', KEY), 'utf8'), 'second');
    assert.equal(await files.sizeOf(KEY), 6);
  });

  it('are read whole or in part, and are not there when they are not', async () => {
    await files.keep(KEY, (await receive('a', 'hello world')).path);
    const read = async (range?: { start: number; end: number }) => {
      const file = await files.open(KEY);
      assert.ok(file);
      return (await buffer(file.createReadStream(range))).toString();
    };
    assert.deepEqual([await read(), await read({ start: 4, end: 6 })], ['hello world', 'o w']);
    assert.equal(await files.open('cd'.repeat(32)), undefined);
    assert.equal(await files.sizeOf('cd'.repeat(32)), undefined);
  });

  it('that are unfinished since before a time go, with the directories that are left empty', async () => {
    const [old, now] = [new Date('2026-01-01T00:00:00Z'), new Date('2026-01-02T00:00:00Z')];
    const place = async (path: string, at: Date) => {
      await mkdir(join(dir, path, '..'), { recursive: true });
      await writeFile(join(dir, path), 'x');
      await utimes(join(dir, path), at, at);
    };
    await place('unfinished/old', old);
    await place('unfinished/at-once', now);
    await place(`${UPLOADS}/7/old`, old);
    await place(`${UPLOADS}/7/old.json`, old);
    await place(`${UPLOADS}/8/old`, old);
    await place(`${UPLOADS}/8/new`, now);
    await place(`ab/${KEY}`, old);
    // Somebody has just begun.
    await mkdir(join(dir, UPLOADS, '9'));
    for (const user of ['7', '8']) await utimes(join(dir, UPLOADS, user), old, old);
    let gone = 0;
    for await (const each of files.removeUnfinished(now)) gone += each;
    assert.equal(gone, 4);
    assert.deepEqual(await readdir(join(dir, 'unfinished')), ['at-once']);
    assert.deepEqual((await readdir(join(dir, UPLOADS))).sort(), ['8', '9']);
    assert.deepEqual(await readdir(join(dir, UPLOADS, '8')), ['new']);
    assert.equal(await files.sizeOf(KEY), 1, 'what is kept is nobody’s to tidy up');
  });

  it('of which there are none are no trouble', async () => {
    for await (const each of files.removeUnfinished(new Date())) assert.fail(String(each));
  });
});

describe('what a disk says', () => {
  const failure = (code?: string) => Object.assign(new Error('no'), { code });

  it('is worth another try when it takes nothing more, and is a mistake otherwise', () => {
    for (const code of ['ENOSPC', 'EDQUOT', 'EROFS']) {
      const told = diskFailure(failure(code));
      assert.ok(told instanceof AppError);
      assert.deepEqual([told.code, told.retryable], ['UNAVAILABLE', true]);
    }
    for (const code of ['EACCES', 'ENOENT', undefined]) {
      const mistake = failure(code);
      assert.equal(diskFailure(mistake), mistake);
    }
  });

  it('may be that a file is not there, which is no failure', () => {
    assert.equal(unlessMissing(failure('ENOENT')), undefined);
    assert.throws(() => unlessMissing(failure('EACCES')), { code: 'EACCES' });
  });
});
