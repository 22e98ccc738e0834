import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { protocolNames } from '../config/protocols';
import { residentBytes } from './cpu';
import { fuzz } from './fuzz/fuzzer';
import type { FuzzReport } from './fuzz/report';
import { freePort, option, prepareDatabase, root, withServices, type Services } from './parts';
import { limited, Service } from './service';

/*
 * Makes calls of all kinds, right and wrong, on both transports and by the protocols of older clients, and judges each answer by
 * the contract.
 * `FUZZ_SEED=7 npm run fuzz [-- --calls=100000 --limits=off]`. Ends with 1 and the first offences when there were any.
 */

const calls = Number(option('calls', '100000'));
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1e6);
const dir = join(root, '.local/fuzz');
const logs = join(dir, 'logs/egg-im');
const heapFile = join(dir, 'heap');
const adminToken = 'a token of the fuzzer: 5Tq8Wm2XzLp0RvYc';
const EVERY = 10_000;
const WARM = 20_000;
const SHOWN = 20;
/** After which the service has written what it logs. */
const LOG_MS = 2000;
/** How much larger the heap may be at the end than when all was warm. */
const GROWTH = 1.15;

async function main({ mysql, redis }: Services): Promise<void> {
  const env = {
    DATABASE_URL: `${mysql.url}/egg_im_fuzz`,
    REDIS_URL: `${redis.url}/0`,
    IM_ADMIN_TOKEN: adminToken,
    IM_PROTOCOLS: protocolNames.join(),
    FUZZ_HEAP_FILE: heapFile,
    NODE_OPTIONS: `--require ${join(__dirname, 'fuzz/heap.cjs')}`,
    ...(option('limits', 'off') === 'on' && limited),
  };
  await prepareDatabase(env.DATABASE_URL);
  rmSync(logs, { recursive: true, force: true });
  const service = new Service(await freePort(), { dir, workers: 1, env });
  await service.start();
  try {
    process.exitCode = await run(service);
  } finally {
    await service.stop();
  }
}

async function run(service: Service): Promise<number> {
  const { worker } = service.pids();
  const logged = logBytes();
  const heaps: number[] = [];
  const start = performance.now();
  const tell = async (done: number) => {
    const heap = await heapBytes(worker[0]);
    heaps.push(heap);
    const seconds = (performance.now() - start) / 1000;
    const columns = [
      `${done} calls`,
      `${seconds.toFixed(0)} s`,
      `heap ${megabytes(heap)}`,
      `RSS ${megabytes(residentBytes(worker[0]))}`,
      `log +${logBytes() - logged} bytes`,
    ];
    console.log(columns.join(', '));
  };
  console.log(`FUZZ_SEED=${seed}`);
  const url = `http://127.0.0.1:${service.port}`;
  const report = await fuzz({ url, adminToken, seed, calls, onProgress: { every: EVERY, tell } });
  const offences = [...report.offences];
  if (service.pids().worker.join() !== worker.join()) offences.push('a worker was restarted');
  const warm = heaps.at(WARM / EVERY - 1) ?? Infinity;
  const errors = await errorsLogged();
  if (errors) offences.push(`errors in the log: ${errors}`);
  const last = heaps.at(-1) ?? 0;
  if (last > warm * GROWTH) offences.push(`the heap grew from ${megabytes(warm)} to ${megabytes(last)}`);
  print(report, offences);
  return offences.length === 0 ? 0 : 1;
}

function print({ kinds, answers }: FuzzReport, offences: readonly string[]): void {
  for (const [title, counts] of Object.entries({ kinds, answers })) {
    const rows = [...counts].sort(([, one], [, other]) => other - one).map(([name, count]) => `${name} ${count}`);
    console.log(`${title}: ${rows.join(', ')}`);
  }
  console.log(offences.length === 0 ? 'every answer was as documented' : `${offences.length} offences:`);
  for (const offence of offences.slice(0, SHOWN)) console.log(`  ${offence}`);
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;

/** Bytes that the heap of a process holds without garbage: fuzz/heap.cjs, in that process, writes them down. */
async function heapBytes(pid: number): Promise<number> {
  rmSync(heapFile, { force: true });
  process.kill(pid, 'SIGUSR2');
  while (!existsSync(heapFile) || statSync(heapFile).size === 0) await sleep(10);
  return Number(readFileSync(heapFile, 'utf8'));
}

/** What the service has logged of failures of its own, which no caller can make. */
async function errorsLogged(): Promise<string> {
  await sleep(LOG_MS);
  const errors = join(logs, 'common-error.log');
  return existsSync(errors) ? readFileSync(errors, 'utf8').slice(0, SHOWN * 100) : '';
}

function logBytes(): number {
  return readdirSync(logs).reduce((sum, name) => sum + statSync(join(logs, name)).size, 0);
}

withServices(dir, main).then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
