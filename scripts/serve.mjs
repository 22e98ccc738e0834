import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildPage } from './page.mjs';
import { prepare } from './prepare.mjs';
import { endOrphans, startGroup } from './system/group.mjs';
import { local, root, short } from './system/paths.mjs';
import { isFree } from './system/port.mjs';
import { problems } from './system/log-lines.mjs';
import { begin, done, tail } from './system/progress.mjs';

const port = Number(process.env.PORT || 7001);
// Not for everybody in the network: the passwords of the demo accounts are public.
const host = process.env.HOST || '127.0.0.1';
const address = `http://${['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host}:${port}`;
const log = local('logs', 'dev.log');

/** Serves until `signal` ends it. */
export async function main(signal) {
  await endOrphans();
  if (!(await isFree(port, host))) {
    throw new Error(
      `Port ${port} is taken. Stop the program that uses it, or choose another port: PORT=${port + 1} npm run dev`,
    );
  }
  await buildPage(signal);
  const { env, stop } = await prepare({ seed: true, signal });
  try {
    await serve(env, signal);
    return 0;
  } finally {
    await stop();
  }
}

/** Serves the page as it stands in web/src, each change at once, for who works on it. What else is asked of it the service answers. */
async function servePage(signal) {
  const { createServer } = await import('vite');
  const { proxyTo } = await import('../web/vite.config.mjs');
  const configFile = join(root, 'web/vite.config.mjs');
  const server = await createServer({
    configFile,
    logLevel: 'warn',
    server: { host: '127.0.0.1', proxy: proxyTo(address) },
  });
  await server.listen();
  signal.addEventListener('abort', () => server.close(), { once: true });
  return server.resolvedUrls.local[0];
}

async function serve(env, signal) {
  begin(`starting the service (its whole log in ${short(log)})`);
  mkdirSync(local('logs'), { recursive: true });
  const output = ['pipe', { file: log }];
  const app = await startGroup('egg-bin', ['dev', '--port', String(port)], {
    env: { ...env, PORT: String(port), HOST: host, NODE_ENV: 'development' },
    stdio: ['ignore', output, output],
    signal,
  });
  let shown = 0;
  const show = async lines => {
    for await (const line of lines) {
      // The workers' ends are errors to Egg's master also when they were asked for.
      if (signal.aborted) continue;
      shown++;
      console.error(line);
    }
  };
  const showing = Promise.all([
    show(problems(app.child.iterable({ from: 'stdout' }), { before: false })),
    show(problems(app.child.iterable({ from: 'stderr' }), { before: true })),
  ]);

  const ended = new AbortController();
  app.ended.then(() => ended.abort());
  if (await isServed(AbortSignal.any([signal, ended.signal]))) welcome(await servePage(signal));
  await app.ended;
  await showing;
  if (signal.aborted) return;
  throw new Error(`The service ended by itself. ${shown ? `Its whole log: ${log}` : tail(log)}`);
}

async function isServed(until) {
  while (!until.aborted) {
    const status = await fetch(`${address}/healthz`, { signal: until }).then(
      response => response.status,
      () => 0,
    );
    if (status === 200) return true;
    await sleep(200, undefined, { signal: until }).catch(() => {});
  }
  return false;
}

function welcome(page) {
  const { password, accounts } = createRequire(import.meta.url)('../database/demo.js');
  done(`served at ${address}`);
  console.log(`  ${page} has the page as it is changed in web/src`);
  console.log(`  Log in as ${accounts.map(({ account }) => account).join(', ')}; the password is ${password}`);
  console.log('  Ctrl-C ends the service and what was started for it');
}
