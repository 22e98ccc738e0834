import { rmSync } from 'node:fs';
import { prepare } from './prepare.mjs';
import { endOrphans, startGroup } from './system/group.mjs';
import { lock } from './system/lock.mjs';
import { local } from './system/paths.mjs';
import { begin } from './system/progress.mjs';

/** Runs the tests. */
export async function main(signal) {
  // Two runs of the tests would drop each other's database.
  const waiting = pid => begin(`waiting for another run of the tests (pid ${pid})`);
  const release = await lock(local('test.lock'), { signal, waiting });
  try {
    await endOrphans();
    const { env, stop } = await prepare({ suffix: '_test', signal });
    try {
      const media = local('media_test');
      rmSync(media, { recursive: true, force: true });
      const tests = await startGroup('egg-bin', ['test', '--no-mochawesome', ...process.argv.slice(2)], {
        env: { ...env, IM_MEDIA_DIR: media, NODE_ENV: 'test', NODE_OPTIONS: nodeOptions() },
        stdio: 'inherit',
        signal,
      });
      return await tests.ended;
    } finally {
      await stop();
    }
  } finally {
    release();
  }
}

// From 22.18 on Node reads TypeScript itself, and mocha would load test files through it, as ES modules, past ts-node.
function nodeOptions() {
  const own = process.features.typescript ? ['--no-experimental-strip-types'] : [];
  return [process.env.NODE_OPTIONS ?? '', ...own].join(' ');
}
