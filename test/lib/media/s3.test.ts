import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { S3Storage } from '../../../app/lib/media/storage/s3';
import { startS3 } from '../../support/s3';

describe('a bucket of S3', () => {
  const dir = mkdtempSync(join(tmpdir(), 'egg-im-s3-files-'));
  let server: Awaited<ReturnType<typeof startS3>>;
  before(async () => {
    server = await startS3();
  });
  after(async () => {
    await server.stop();
    rmSync(dir, { recursive: true });
  });

  const file = (content: string) => {
    const path = join(dir, 'file');
    writeFileSync(path, content);
    return path;
  };

  it('has a file when it is put there, in whole and in parts, and no more when it is taken away', async () => {
    const storage = new S3Storage(server.options);
    assert.deepEqual([await storage.open('key'), await storage.sizeOf('key')], [undefined, undefined]);
    await storage.put('key', file('the first'));
    await storage.put('key', file('one, two'));
    assert.equal(await storage.sizeOf('key'), 8);
    assert.equal(await text((await storage.open('key'))!.createReadStream()), 'one, two');
    assert.equal(await text((await storage.open('key'))!.createReadStream({ start: 5, end: 6 })), 'tw');
    await storage.remove('key');
    await storage.remove('key');
    assert.equal(await storage.sizeOf('key'), undefined);
  });

  it('that can not be reached is worth another try; a wrong key is not', async () => {
    const away = new S3Storage({ ...server.options, endpoint: 'http://127.0.0.1:9' });
    await assert.rejects(away.put('key', file('x')), { code: 'UNAVAILABLE', retryable: true });
    await assert.rejects(away.open('key'), { code: 'UNAVAILABLE' });
    const stranger = new S3Storage({ ...server.options, secretAccessKey: 'another' });
    await assert.rejects(stranger.put('key', file('x')), { name: 'SignatureDoesNotMatch' });
  });
});
