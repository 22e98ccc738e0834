import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import { thumbnailOf } from '../../app/lib/media/files';
import type { Media } from '../../app/schema/media';
import { people, person } from '../support/person';
import { refused } from '../support/refusal';
import { bomb, noise, TAKEN_AT, videoMp4, voiceWebm } from '../support/samples';
import { app, count, mm } from '../support/service';
import { get, upload } from '../support/upload';

const kept = async ({ url }: Media) => Buffer.from(await (await get(url)).arrayBuffer());

describe('what is uploaded', () => {
  it('is a picture that is upright and does not tell where it was taken, with a small one beside it', async () => {
    const content = await noise(600, 400).withExif(TAKEN_AT).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const media = await upload(await person(), { content, name: 'a.jpg' });
    const { kind, mime, width, height, size } = media;
    assert.deepEqual([kind, mime, width, height], ['image', 'image/jpeg', 400, 600]);
    assert.match(media.blurhash!, /^T\S{27}$/);
    const served = await kept(media);
    assert.equal(size, served.length);
    const { exif, orientation, width: across } = await sharp(served).metadata();
    assert.deepEqual([exif, orientation, across], [undefined, undefined, 400]);
    const { file } = (await app.model.Media.findByPk(media.id, { include: 'file' }))!;
    const small = await app.engine.files.open(thumbnailOf(file!.id));
    const thumbnail = await buffer(small!.createReadStream());
    assert.equal(file!.thumbnailSize, thumbnail.length);
    assert.equal((await sharp(thumbnail).metadata()).height, 480);
  });

  it('is a picture that stays as it is when it shows all that it tells', async () => {
    const content = await noise(60, 40).webp().toBuffer();
    assert.deepEqual(await kept(await upload(await person(), { content })), content);
  });

  it('is a video or a voice, with its length', async () => {
    const ann = await person();
    const video = await upload(ann, { content: videoMp4(), name: 'a.mp4' });
    const { kind, mime, width, height, duration } = video;
    assert.deepEqual([kind, mime, width, height, Math.round(duration!)], ['video', 'video/mp4', 64, 48, 2]);
    // A browser calls both by one name.
    const voice = await upload(ann, { content: voiceWebm(), type: 'video/webm' });
    assert.deepEqual([voice.kind, voice.mime, Math.round(voice.duration!)], ['voice', 'audio/webm', 2]);
  });

  it('is looked at once, whoever uploads it again', async () => {
    const [ann, bob] = await people(2);
    const content = await noise(60, 40).png().toBuffer();
    const { id: first, url: one, thumbnailUrl: small, ...before } = await upload(ann, { content });
    mm(app.engine.inspector, 'inspect', () => assert.fail('it is looked at again'));
    const { id: second, url: other, thumbnailUrl: his, ...after } = await upload(bob, { content });
    mm.restore();
    assert.deepEqual(after, before);
    assert.ok(second !== first && other !== one && his !== small);
  });

  it('leaves nothing when it is a broken picture or a bomb', async () => {
    const ann = await person();
    const before = [await count('media'), await count('media_file')];
    const broken = await noise(120, 80).jpeg().toBuffer();
    await refused(upload(ann, { content: broken.subarray(0, broken.length / 2) }), 'INVALID_INPUT');
    const { details } = await refused(upload(ann, { content: await bomb(100_000, 100_000) }), 'TOO_LARGE');
    assert.deepEqual(details, { path: '/file', pixels: 1e10, limit: app.config.im.mediaPixels });
    assert.deepEqual([await count('media'), await count('media_file')], before);
    assert.deepEqual(readdirSync(join(app.config.im.mediaDir, 'unfinished')), []);
  });
});
