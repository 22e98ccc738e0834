import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { AppError } from '../../../app/schema/errors';
import { newSecretId } from '../../../app/lib/database/ids';
import { MediaFiles, thumbnailOf } from '../../../app/lib/media/files';
import { isShown, kindOf } from '../../../app/lib/media/mime';
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
    assert.equal(await text(file!.createReadStream()), 'one, two');
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

describe('what a file is that still comes in', () => {
  const kinds = {
    image: ['\xff\xd8\xff\xe0..JFIF', '\x89PNG\r\n\x1a\n', 'GIF87a', 'GIF89a', 'RIFF....WEBPVP8 ', '....ftypavif'],
    video: ['....ftypisom', '....ftypqt  ', '....ftyp3gp4', '\x1a\x45\xdf\xa3....webm'],
    voice: ['....ftypM4A ', 'RIFF....WAVEfmt ', 'OggS', '#!AMR\n', 'fLaC', 'ID3\x04', '\xff\xfb\x90', '\xff\xf1\x50'],
    file: [
      '%PDF-1.7',
      'PK\x03\x04',
      '<html>',
      '<svg ',
      '....ftypheic',
      'RIFF....AVI LIST',
      'RAFF....WEBP',
      '....fttpavif',
      ' GIF89a',
      '',
    ],
  } as const;
  for (const [kind, beginnings] of Object.entries(kinds)) {
    for (const beginning of beginnings) {
      it(`is ${kind} when it begins with ${JSON.stringify(beginning)}`, () => {
        assert.equal(kindOf(Buffer.from(beginning, 'latin1')), kind);
      });
    }
  }
});

describe('what a browser shows', () => {
  it('is pictures, films and sounds', () => {
    for (const mime of ['image/png', 'video/mp4', 'audio/ogg']) assert.ok(isShown(mime));
    for (const mime of ['application/pdf', 'application/xml', 'text/html', 'application/video/mp4'])
      assert.ok(!isShown(mime));
  });
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
    ['in bytes=0-1', 10, undefined],
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
