import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Options } from '../../app/lib/media/storage/storage';

/** A bucket on a server that speaks S3, in a process of its own, until `stop`. */
export async function startS3(): Promise<{ options: S3Options; stop: () => Promise<void> }> {
  const dir = mkdtempSync(join(tmpdir(), 'egg-im-s3-'));
  const child = fork(join(__dirname, '../../scripts/services/s3.mjs'), [dir, 'media'], {
    stdio: 'inherit',
    execArgv: [],
  });
  const [port] = (await once(child, 'message')) as [number];
  const keys = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
  const options = { endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', bucket: 'media', ...keys };
  const stop = async () => {
    const gone = once(child, 'exit');
    child.disconnect();
    await gone;
    rmSync(dir, { recursive: true, force: true });
  };
  return { options, stop };
}
