import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildPage } from './page.mjs';
import { prepare } from './prepare.mjs';
import { findChromium } from './services/chromium.mjs';
import { endOrphans, startGroup } from './system/group.mjs';
import { lock } from './system/lock.mjs';
import { local } from './system/paths.mjs';
import { begin } from './system/progress.mjs';

/** What is true of files on the disk is true of those in a bucket of S3. */
const OF_STORAGE = ['test/service/media*.test.ts', 'test/service/resumable.test.ts'];

/** Runs the tests: those that are named, or all, and those of storage in S3 too; with `--s3` these alone. */
export async function main(signal) {
  const named = process.argv.slice(2).filter(each => each !== '--s3');
  const isS3 = process.argv.includes('--s3');
  // Two runs of the tests would drop each other's database.
  const waiting = pid => begin(`waiting for another run of the tests (pid ${pid})`);
  const release = await lock(local('test.lock'), { signal, waiting });
  try {
    await endOrphans();
    const failed = isS3 ? 0 : await run(named, signal);
    return failed || (named.length > 0 && !isS3) ? failed : await onS3(named.length > 0 ? named : OF_STORAGE, signal);
  } finally {
    release();
  }
}

async function run(files, signal, more = {}) {
  await buildPage(signal);
  const { env, stop } = await prepare({ suffix: '_test', signal });
  try {
    const chromium = await findChromium(signal);
    const media = local('media_test');
    rmSync(media, { recursive: true, force: true });
    const tests = await startGroup('egg-bin', ['test', '--no-mochawesome', ...files], {
      env: {
        ...env,
        ...more,
        ...(chromium && { CHROMIUM_PATH: chromium }),
        IM_MEDIA_DIR: media,
        NODE_ENV: 'test',
        NODE_OPTIONS: nodeOptions(),
      },
      stdio: 'inherit',
      signal,
    });
    return await tests.ended;
  } finally {
    await stop();
  }
}

async function onS3(files, signal) {
  const data = local('s3_test');
  rmSync(data, { recursive: true, force: true });
  const server = fork(fileURLToPath(new URL('services/s3.mjs', import.meta.url)), [data, 'media']);
  try {
    const [port] = await once(server, 'message', { signal });
    begin(`the tests of storage, in S3 on 127.0.0.1:${port}`);
    return await run(files, signal, {
      IM_MEDIA_STORAGE: 's3',
      IM_S3_ENDPOINT: `http://127.0.0.1:${port}`,
      IM_S3_BUCKET: 'media',
      IM_S3_ACCESS_KEY_ID: 'S3RVER',
      IM_S3_SECRET_ACCESS_KEY: 'S3RVER',
    });
  } finally {
    server.disconnect();
  }
}

// From 22.18 on Node reads TypeScript itself, and mocha would load test files through it, as ES modules, past ts-node.
function nodeOptions() {
  const own = process.features.typescript ? ['--no-experimental-strip-types'] : [];
  return [process.env.NODE_OPTIONS ?? '', ...own].join(' ');
}
