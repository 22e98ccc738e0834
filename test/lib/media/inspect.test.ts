import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { Inspector } from '../../../app/lib/media/inspect/inspector';
import { AppError } from '../../../app/schema/errors';
import * as samples from '../../support/samples';

const { fileOf, noise, TAKEN_AT } = samples;
const ANN = 1;

describe('looking at a file', () => {
  const inspector = new Inspector({ pixels: 40_000_000 });
  const inspect = async (content: Buffer | string) => inspector.inspect(ANN, await fileOf(content));
  const refused = (work: Promise<unknown>, code: string) =>
    assert.rejects(work, error => error instanceof AppError && error.code === code);

  after(async () => {
    inspector.stop();
    await samples.removeFiles();
  });

  describe('that is a picture', () => {
    it('tells its size, and makes a small one and a placeholder', async () => {
      const content = await noise(1200, 800).jpeg().toBuffer();
      const { thumbnail, blurhash, ...described } = await inspect(content);
      assert.deepEqual(described, { kind: 'image', mime: 'image/jpeg', width: 1200, height: 800 });
      const { format, width, height } = await sharp(thumbnail).metadata();
      assert.deepEqual({ format, width, height }, { format: 'webp', width: 480, height: 320 });
      // 4 by 3 parts.
      assert.match(blurhash ?? '', /^L\S{27}$/);
    });

    for (const format of ['jpeg', 'png', 'webp', 'avif'] as const) {
      it(`takes out of a ${format} where it was taken, and nothing of what it shows`, async () => {
        const content = await noise(60, 40).withExif(TAKEN_AT).toFormat(format).toBuffer();
        assert.ok(content.includes('Telephone'));
        const { replaced, thumbnail, mime } = await inspect(content);
        const kept = await readFile(replaced!);
        for (const file of [kept, await readFile(thumbnail!)]) {
          const { exif, xmp, iptc } = await sharp(file).metadata();
          assert.deepEqual([exif, xmp, iptc, file.includes('Telephone')], [undefined, undefined, undefined, false]);
        }
        assert.deepEqual([mime, (await sharp(kept).metadata()).width], [format === 'avif' ? 'image/webp' : mime, 60]);
        assert.equal(`image/${(await sharp(kept).metadata()).format}`, mime);
      });
    }

    it('takes out whatever else is written into it', async () => {
      const xmp = '<x:xmpmeta xmlns:x="adobe:ns:meta/">Telephone</x:xmpmeta>';
      for (const content of [
        await noise(60, 40).withXmp(xmp).jpeg().toBuffer(),
        samples.withText(await noise(60, 40).png().toBuffer(), 'Telephone'),
      ]) {
        const { replaced } = await inspect(content);
        assert.deepEqual(
          [content.includes('Telephone'), (await readFile(replaced!)).includes('Telephone')],
          [true, false],
        );
      }
    });

    it('leaves alone what tells nothing', async () => {
      for (const format of ['jpeg', 'png', 'gif', 'webp', 'avif'] as const) {
        const { replaced, thumbnail } = await inspect(await noise(60, 40).toFormat(format).toBuffer());
        assert.equal(replaced, undefined);
        assert.ok(thumbnail);
      }
    });

    it('keeps what can be seen through', async () => {
      const clear = { width: 60, height: 40, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0.5 } } as const;
      for (const format of ['png', 'webp'] as const) {
        const content = await sharp({ create: clear }).withExif(TAKEN_AT).toFormat(format).toBuffer();
        const { replaced, thumbnail } = await inspect(content);
        for (const path of [replaced, thumbnail]) {
          const { channels } = await sharp(path).stats();
          assert.equal(channels.length, 4);
          assert.ok(Math.abs(channels[3].mean - 127.5) < 1);
        }
      }
    });

    it('takes one of any shape and of any colours', async () => {
      for (const [width, height, small] of [
        [1, 1, '1 × 1'],
        [4000, 2, '480 × 1'],
        [2, 4000, '1 × 480'],
        [480, 480, '480 × 480'],
      ] as const) {
        const { thumbnail } = await inspect(await noise(width, height).png().toBuffer());
        const metadata = await sharp(thumbnail).metadata();
        assert.equal(`${metadata.width} × ${metadata.height}`, small);
      }
      for (const space of ['b-w', 'cmyk', 'rgb16', 'grey16'] as const) {
        const picture = noise(60, 40).toColourspace(space).withExif(TAKEN_AT);
        const { replaced } = await inspect(await (space.endsWith('16') ? picture.png() : picture.jpeg()).toBuffer());
        assert.equal((await sharp(replaced).metadata()).width, 60);
      }
    });

    it('turns it upright', async () => {
      const content = await noise(120, 80).jpeg().withMetadata({ orientation: 6 }).toBuffer();
      const { width, height, replaced, thumbnail } = await inspect(content);
      assert.deepEqual([width, height], [80, 120]);
      for (const path of [replaced, thumbnail]) {
        const { orientation = 1, ...metadata } = await sharp(path).metadata();
        assert.deepEqual([metadata.width, metadata.height, orientation], [80, 120, 1]);
      }
    });

    it('keeps its colours', async () => {
      const content = await noise(60, 40).withIccProfile('p3').withExif(TAKEN_AT).jpeg().toBuffer();
      const { replaced } = await inspect(content);
      const [before, after] = await Promise.all([content, replaced].map(each => sharp(each).metadata()));
      assert.deepEqual(after.icc, before.icc);
      assert.ok(after.icc);
    });

    for (const format of ['gif', 'webp'] as const) {
      it(`leaves an animated ${format} moving, and its thumbnail still`, async () => {
        const frames = await Promise.all([1, 2, 3].map(() => noise(60, 40).png().toBuffer()));
        const moving = sharp(frames, { join: { animated: true } }).withExif(TAKEN_AT);
        const content = await moving.toFormat(format).toBuffer();
        const { width, height, replaced, thumbnail } = await inspect(content);
        assert.deepEqual([width, height], [60, 40]);
        // GIF has no place for EXIF.
        assert.equal(replaced === undefined, format === 'gif');
        const kept = await sharp(replaced ?? content).metadata();
        assert.deepEqual([kept.pages, kept.exif], [3, undefined]);
        assert.equal((await sharp(thumbnail).metadata()).pages ?? 1, 1);
      });
    }

    it('takes one of 40 megapixels, and none larger, however few its bytes', async () => {
      const large = await inspect(await samples.plain(8000, 5000).jpeg().toBuffer());
      assert.deepEqual([large.width, large.height], [8000, 5000]);
      await refused(inspect(await samples.bomb(8001, 5000)), 'TOO_LARGE');
      await refused(inspect(await samples.bomb(100_000, 100_000)), 'TOO_LARGE');
    });

    it('counts the pixels of all frames', async () => {
      const small = new Inspector({ pixels: 3 * 60 * 40 });
      const animated = async (frames: number) => {
        const pictures = await Promise.all(Array.from({ length: frames }, () => noise(60, 40).png().toBuffer()));
        return fileOf(
          await sharp(pictures, { join: { animated: true } })
            .gif()
            .toBuffer(),
        );
      };
      assert.equal((await small.inspect(ANN, await animated(3))).kind, 'image');
      await refused(small.inspect(ANN, await animated(4)), 'TOO_LARGE');
      small.stop();
    });

    it('refuses a page that begins as a picture does', async () => {
      await refused(inspect('GIF89a/*<script>*/=1;alert(1)'), 'INVALID_INPUT');
    });

    it('refuses one that is broken, and leaves nothing beside it', async () => {
      for (const format of ['jpeg', 'png', 'gif', 'webp', 'avif'] as const) {
        const content = await noise(120, 80).toFormat(format).toBuffer();
        const path = await fileOf(content.subarray(0, content.length / 2));
        await refused(inspector.inspect(ANN, path), 'INVALID_INPUT');
        await assert.rejects(readFile(`${path}.thumbnail`), { code: 'ENOENT' });
      }
      await refused(inspect(await samples.bomb(10, 10)), 'INVALID_INPUT');
    });
  });

  describe('that is a video or a voice', () => {
    const about = (seconds: number | undefined) => Math.round(seconds ?? NaN);

    it('tells size and length of a video, also of one that was recorded in a browser', async () => {
      for (const [content, mime] of [
        [samples.videoMp4(), 'video/mp4'],
        [samples.videoWebm(), 'video/webm'],
      ] as const) {
        const { duration, ...described } = await inspect(content);
        assert.deepEqual(described, { kind: 'video', mime, width: 64, height: 48 });
        assert.equal(about(duration), 2);
      }
    });

    it('tells the size as it is shown', async () => {
      const { width, height } = await inspect(samples.sidewaysMp4());
      assert.deepEqual([width, height], [48, 64]);
    });

    it('tells the length of a voice, and does not take it for a video', async () => {
      for (const [content, mime] of [
        [samples.voiceMp4(), 'audio/mp4'],
        [samples.voiceWebm(), 'audio/webm'],
        [samples.amr(), 'audio/amr'],
        [samples.mp3(), 'audio/mpeg'],
        [samples.opus(), 'audio/ogg'],
      ] as const) {
        const { duration, ...described } = await inspect(content);
        assert.deepEqual(described, { kind: 'voice', mime });
        assert.equal(about(duration), 2);
      }
    });

    it('is known by the name that browsers have for it', async () => {
      for (const [content, brand, mime] of [
        [samples.voiceMp4(), 'M4A ', 'audio/mp4'],
        [samples.videoMp4(), 'M4V ', 'video/mp4'],
        [samples.videoMp4(), 'qt  ', 'video/quicktime'],
        [samples.videoMp4(), '3gp4', 'video/3gpp'],
        [samples.voiceMp4(), '3gp4', 'audio/3gpp'],
      ] as const) {
        content.write(brand, 8);
        assert.equal((await inspect(content)).mime, mime);
      }
    });

    it('is taken as far as it goes when its end is missing', async () => {
      const content = samples.videoMp4();
      const { kind, width } = await inspect(content.subarray(0, content.length * 0.6));
      assert.deepEqual([kind, width], ['video', 64]);
    });

    it('is neither when nothing is in it', async () => {
      const empty = Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isommp41', 'latin1');
      assert.deepEqual(await inspect(empty), { kind: 'file', mime: 'application/octet-stream' });
    });
  });

  describe('that is something else', () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
    const files: Readonly<Record<string, readonly [string | Buffer, string]>> = {
      'a page': ['<!DOCTYPE html><script>alert(1)</script>', 'application/octet-stream'],
      'an SVG': [svg, 'application/octet-stream'],
      'an SVG that says it is XML': [`<?xml version="1.0"?>${svg}`, 'application/octet-stream'],
      'a script': ['#!/bin/sh\nrm -r /', 'application/octet-stream'],
      'a program': [Buffer.from('\x7fELF\x02\x01\x01'.padEnd(64, '\0'), 'latin1'), 'application/x-elf'],
      'a program of Windows': [Buffer.from('MZ'.padEnd(64, '\0'), 'latin1'), 'application/x-msdownload'],
      'a PDF': ['%PDF-1.7\n', 'application/pdf'],
      'a HEIC': [Buffer.from('\0\0\0\x18ftypheic\0\0\0\0heicmif1', 'latin1'), 'image/heic'],
    };

    for (const [name, [content, mime]] of Object.entries(files)) {
      it(`takes ${name} for a file`, async () => {
        assert.deepEqual(await inspect(content), { kind: 'file', mime });
      });
    }
  });
});
