import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../../app/schema/errors';
import { newSecretId } from '../../../app/lib/database/ids';
import { MediaFiles, thumbnailOf } from '../../../app/lib/media/files';
import { kindOf } from '../../../app/lib/media/inspect/inspect';
import { isShown, mimeOf } from '../../../app/lib/media/mime';
import { isMediaId, mediaIdsIn } from '../../../app/lib/media/names';
import { rangeOf } from '../../../app/lib/media/range';

async function* bytes(...chunks: string[]) {
  for (const chunk of chunks) yield await Promise.resolve(Buffer.from(chunk));
}

describe('files of media', () => {
  let dir: string;
  let files: MediaFiles;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'egg-im-media-'));
    files = new MediaFiles(join(dir, 'made', 'by itself'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('are there when they are kept, and not before', async () => {
    const id = newSecretId();
    const { path, size, hash } = await files.receive(newSecretId(), bytes('one, ', 'two'));
    assert.deepEqual([size, hash], [8, createHash('sha256').update('one, two').digest('hex')]);
    assert.deepEqual([await files.open(id), await files.sizeOf(id)], [undefined, undefined]);
    await files.keep(id, path);
    assert.equal(await files.sizeOf(id), 8);
    const file = await files.open(id);
    assert.equal(await file?.readFile('utf8'), 'one, two');
    await file?.close();
    await files.keep(thumbnailOf(id), (await files.receive(newSecretId(), bytes('small'))).path);
    await files.remove(id);
    assert.deepEqual([await files.open(id), await files.open(thumbnailOf(id))], [undefined, undefined]);
    await files.remove(id);
  });

  it('of which something goes wrong leave nothing', async () => {
    async function* breaking() {
      yield* bytes('the beginning');
      throw new Error('broken');
    }
    await assert.rejects(files.receive(newSecretId(), breaking()), /broken/);
    assert.deepEqual(readdirSync(join(dir, 'made', 'by itself', 'unfinished')), []);
  });

  it('that a full disk does not take are worth another try, and leave nothing', async function () {
    // A device of Linux that is always full.
    if (!existsSync('/dev/full')) this.skip();
    const id = newSecretId();
    const unfinished = join(dir, 'made', 'by itself', 'unfinished');
    mkdirSync(unfinished, { recursive: true });
    symlinkSync('/dev/full', join(unfinished, id));
    await assert.rejects(files.receive(id, bytes('x'.repeat(100_000))), (error: unknown) => {
      return error instanceof AppError && error.code === 'UNAVAILABLE' && error.retryable;
    });
    assert.deepEqual(readdirSync(unfinished), []);
  });

  it('are found by their names in any text', () => {
    const [one, two] = [newSecretId(), newSecretId()];
    const content = JSON.stringify({ url: `/media/${one}`, more: [`https://chat.example.com/media/${two}?w=1`] });
    assert.deepEqual(mediaIdsIn(content, null, undefined, `"/media/${one}"`), [one, two]);
    assert.deepEqual(mediaIdsIn(`/media/${one}x /media/short /medium/${two}`), []);
    assert.deepEqual(
      [isMediaId(one), isMediaId(`${one}x`), isMediaId(`${one}\n`), isMediaId('../..')],
      [true, false, false, false],
    );
  });
});

describe('what a file is', () => {
  const kinds: [string, string, string][] = [
    ['\xff\xd8\xff\xe0..JFIF', '', 'image/jpeg'],
    ['\x89PNG\r\n\x1a\n', '', 'image/png'],
    ['GIF89a', '', 'image/gif'],
    ['RIFF....WEBPVP8 ', '', 'image/webp'],
    ['RIFF....WAVEfmt ', 'audio/x-wav', 'audio/wav'],
    ['RIFF....AVI LIST', 'video/x-msvideo', 'application/octet-stream'],
    ['....ftypheic', '', 'image/heic'],
    ['....ftypisom', '', 'video/mp4'],
    ['....ftypisom', 'AUDIO/MP4', 'audio/mp4'],
    ['....ftypM4A ', 'video/mp4', 'audio/mp4'],
    ['....ftypqt  ', '', 'video/quicktime'],
    ['\x1a\x45\xdf\xa3....webm', 'audio/webm', 'audio/webm'],
    ['\x1a\x45\xdf\xa3....webm', 'text/html', 'video/webm'],
    ['OggS', '', 'audio/ogg'],
    ['#!AMR\n', '', 'audio/amr'],
    ['ID3\x04', '', 'audio/mpeg'],
    ['\xff\xfb\x90', '', 'audio/mpeg'],
    ['\xff\xf1\x50', '', 'audio/aac'],
    ['%PDF-1.7', '', 'application/pdf'],
    ['PK\x03\x04', 'text/html', 'application/zip'],
    ['<html>', 'text/html', 'application/octet-stream'],
    ['<svg ', 'image/svg+xml', 'application/octet-stream'],
    ['', 'image/png', 'application/octet-stream'],
  ];
  for (const [beginning, said, mime] of kinds) {
    it(`that begins with ${JSON.stringify(beginning)} and is said to be ${said || 'anything'}: ${mime}`, () => {
      assert.equal(mimeOf(Buffer.from(beginning, 'latin1'), said), mime);
      assert.equal(isShown(mime), !mime.startsWith('application/'));
      assert.equal(kindOf(mime) === 'file', !isShown(mime));
    });
  }
});

describe('a range', () => {
  const cases: [string, number, ReturnType<typeof rangeOf>][] = [
    ['bytes=0-0', 10, { start: 0, end: 0 }],
    ['bytes=5-', 10, { start: 5, end: 9 }],
    ['bytes=5-99', 10, { start: 5, end: 9 }],
    ['bytes=-3', 10, { start: 7, end: 9 }],
    ['bytes=-99', 10, { start: 0, end: 9 }],
    ['bytes=10-', 10, null],
    ['bytes=-0', 10, null],
    ['bytes=0-', 0, null],
    ['bytes=6-5', 10, undefined],
    ['bytes=-', 10, undefined],
    ['bytes=0-1,3-4', 10, undefined],
    ['bytes=1-99999999999999999999', 10, undefined],
    ['', 10, undefined],
  ];
  for (const [header, size, range] of cases) {
    it(`of ${size} bytes, ${JSON.stringify(header)}, is ${range === undefined ? 'all' : JSON.stringify(range)}`, () => {
      assert.deepEqual(rangeOf(header, size), range);
    });
  }
});
