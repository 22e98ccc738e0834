import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { seed } from './cast';
import { residentBytes } from './cpu';
import { freePort, option, prepareDatabase, root, withServices, type Services } from './parts';
import { Service } from './service';

/*
 * What a worker needs in memory for videos that come in at once. `npm run bench:uploads [-- --uploads=10 --mb=25 --rounds=3]`.
 */

const MB = 1 << 20;
const uploads = Number(option('uploads', '10'));
const size = Number(option('mb', '25')) * MB;
const rounds = Number(option('rounds', '3'));
const SAMPLE_MS = 5;
const dir = join(root, '.local/bench-uploads');

async function main({ mysql, redis }: Services): Promise<void> {
  const databaseUrl = `${mysql.url}/egg_im_uploads`;
  await prepareDatabase(databaseUrl);
  const { people } = await seed(databaseUrl, 1, { people: uploads, conversations: [] });
  const tokens = people.map(({ auth }) => String(auth.token));
  const port = await freePort();
  const env = { DATABASE_URL: databaseUrl, REDIS_URL: `${redis.url}/0`, IM_MEDIA_DIR: join(dir, 'media') };
  const service = new Service(port, { dir, workers: 1, env });
  await service.start();
  try {
    const [worker] = service.pids().worker;
    // What the first one makes it load stays.
    await upload(port, tokens[0], videoOf(MB));
    for (let round = 1; round <= rounds; round++) await measure(worker, port, tokens);
  } finally {
    await service.stop();
  }
}

async function measure(worker: number, port: number, tokens: readonly string[]): Promise<void> {
  const videos = tokens.map(() => videoOf(size));
  const before = residentBytes(worker);
  let most = before;
  const began = performance.now();
  const sampling = setInterval(() => (most = Math.max(most, residentBytes(worker))), SAMPLE_MS);
  await Promise.all(tokens.map((token, index) => upload(port, token, videos[index])));
  clearInterval(sampling);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const more = ((most - before) / MB).toFixed(0);
  const now = (before / MB).toFixed(0);
  console.log(`${uploads} videos of ${size / MB} MB at once, ${seconds} s: worker ${now} MB + ${more} MB at most`);
}

/** No other has the same content. */
function videoOf(bytes: number): Buffer<ArrayBuffer> {
  const content = Buffer.alloc(bytes);
  content.write('\0\0\0\x18ftypisom', 'latin1');
  randomBytes(16).copy(content, 64);
  return content;
}

async function upload(port: number, token: string, content: Buffer<ArrayBuffer>): Promise<void> {
  const body = new FormData();
  body.append('file', new Blob([content], { type: 'video/mp4' }), 'video.mp4');
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/media`, { method: 'POST', body, headers });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
}

withServices(dir, main).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
