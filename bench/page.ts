import { randomInt } from 'node:crypto';
import { rmSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { chromium, type Browser, type Page } from 'playwright-core';
import { seed } from './cast';
import { LoadClient, message } from './client';
import { percentilesOf } from './figures';
import { History, shapeOf } from './history';
import type { Cast } from './load';
import { Watch } from './page/watch';
import { freePort, option, prepareDatabase, root, withServices, type Services } from './parts';
import { Service } from './service';

/*
 * How quickly the page answers a user who has many conversations, while messages arrive, and how smoothly a long conversation scrolls.
 * `npm run bench:page [-- --conversations=1000 --messages=100000 --rate=20 --rounds=50]`. A trace of the interactions, for the
 * browser's tools, is left in .local/page-trace.json.
 */

const conversations = Number(option('conversations', '1000'));
const messages = Number(option('messages', '100000'));
/** Messages a second that arrive from others. */
const rate = Number(option('rate', '20'));
const rounds = Number(option('rounds', '50'));
const SENDERS = 20;
const HISTORY = 30;
const SCROLL_MS = 20_000;
/** Rounds of which there is a trace. */
const TRACED = 5;
const dir = join(root, '.local/bench-page');
const trace = join(root, '.local/page-trace.json');

async function main(): Promise<void> {
  rmSync(dir, { recursive: true, force: true });
  try {
    await withServices(dir, measure);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function measure({ mysql, redis }: Services): Promise<void> {
  const databaseUrl = `${mysql.url}/egg_im_bench`;
  await prepareDatabase(databaseUrl);
  const cast = await seed(databaseUrl, 1, shapeOf(conversations));
  const own = cast.conversations.filter(each => each.members.includes(0));
  const [{ id: long }] = own;
  await fill(
    databaseUrl,
    own.map(each => Number(each.id)),
  );
  const env = { DATABASE_URL: databaseUrl, REDIS_URL: `${redis.url}/0` };
  const service = new Service(await freePort(), { dir, workers: 1, env });
  await service.start();
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  const sending = await Sending.start(service.port, cast);
  try {
    const { page, watch } = await open(browser, service.port, String(cast.people[0].auth.token));
    print('interaction', await interact(page, watch, rounds));
    // Apart from what is measured: it slows the page down.
    await browser.startTracing(page, { path: trace });
    await interact(page, watch, TRACED);
    await browser.stopTracing();
    print('scrolling', await scroll(page, watch, long));
  } finally {
    sending.stop();
    await browser.close();
    await service.stop();
  }
  const load = loadavg().map(each => each.toFixed(1));
  console.log(`\n${cpus().length} × ${cpus()[0].model}, Chromium ${browser.version()}, load ${load.join(' ')}`);
}

async function fill(databaseUrl: string, ids: readonly number[]): Promise<void> {
  const connection = await createConnection({ uri: databaseUrl, timezone: 'Z' });
  const history = new History(connection, 1, ids, HISTORY);
  await history.fill();
  await history.lengthen(ids[0], messages);
  // What arrives is seen to arrive: it comes to the top of the list.
  await connection.query('UPDATE conversation_member SET pinned_at = NULL');
  await connection.end();
}

/** Others who write to the user, each into a conversation of their own with them. */
class Sending {
  private constructor(
    private readonly clients: readonly LoadClient[],
    private readonly timer: NodeJS.Timeout,
  ) {}

  static async start(port: number, cast: Cast): Promise<Sending> {
    const own = cast.conversations.filter(each => each.members.includes(0) && each.members.length === 2);
    const senders = await Promise.all(
      own.slice(0, SENDERS).map(async ({ id, members }) => {
        const { auth } = cast.people[members.find(place => place !== 0)!];
        return { id, client: await LoadClient.connect(port, auth, undefined) };
      }),
    );
    const timer = setInterval(() => {
      const { id, client } = senders[randomInt(senders.length)];
      client.request('message:send', message(id), () => undefined);
    }, 1000 / rate);
    return new Sending(
      senders.map(({ client }) => client),
      timer,
    );
  }

  stop(): void {
    clearInterval(this.timer);
    for (const client of this.clients) client.close();
  }
}

/** The page, with everything of the user there. */
async function open(browser: Browser, port: number, token: string): Promise<{ page: Page; watch: Watch }> {
  const page = await browser.newPage({ baseURL: `http://127.0.0.1:${port}`, viewport: { width: 1280, height: 800 } });
  const watch = await Watch.of(page);
  const session = { userId: '1', deviceId: 'load', accessToken: token, refreshToken: '' };
  await page.addInitScript(`localStorage.setItem('egg-im:session', ${JSON.stringify(JSON.stringify(session))})`);
  await page.goto('/');
  const start = Date.now();
  await page
    .locator(`[aria-setsize="${conversations + 1}"]`)
    .first()
    .waitFor();
  console.log(`${conversations + 1} conversations are listed ${Date.now() - start} ms after the page is`);
  return { page, watch };
}

/** What a user does, again and again, with the times it takes. */
async function interact(page: Page, watch: Watch, times: number): Promise<Record<string, number[]>> {
  const list = page.getByRole('list', { name: 'Chats' });
  const anyRow = async () => {
    const rows = list.getByRole('link');
    return rows.nth(randomInt(Math.min(8, await rows.count())));
  };
  const acts: Record<string, () => Promise<unknown>> = {
    'open a conversation': async () => (await anyRow()).click(),
    'type a letter': () => page.getByRole('textbox', { name: 'Message' }).press('a'),
    'go down the list by key': () => list.getByRole('link').first().press('ArrowDown'),
    'open the menu of a conversation': async () => (await anyRow()).click({ button: 'right' }),
    'close it': () => page.keyboard.press('Escape'),
    'send a message': () => page.getByRole('textbox', { name: 'Message' }).press('Enter'),
  };
  const taken: Record<string, number[]> = {};
  for (let round = 0; round < times; round++) {
    for (const [name, act] of Object.entries(acts)) (taken[name] ??= []).push(await watch.timeOf(act));
  }
  return taken;
}

/** Goes up a long conversation by the wheel, as fast as somebody who looks for something. */
async function scroll(page: Page, watch: Watch, id: string): Promise<Record<string, number[]>> {
  await page.goto(`/#/c/${id}`);
  const log = page.getByRole('log');
  await log.getByText(` ${messages} times`).waitFor();
  const heap = await watch.heap();
  await log.hover();
  const frames = await watch.framesOf(async () => {
    for (const end = Date.now() + SCROLL_MS; Date.now() < end;) {
      await page.mouse.wheel(0, -1500);
      await page.waitForTimeout(50);
    }
  });
  const [first = ''] = /\d+(?= times)/.exec(await log.innerText()) ?? [];
  const megabytes = (bytes: number) => (bytes / 2 ** 20).toFixed(0);
  console.log(
    `${messages - Number(first)} messages gone through; heap ${megabytes(heap)} → ${megabytes(await watch.heap())} MB`,
  );
  return { 'between two pictures': frames };
}

function print(title: string, times: Record<string, number[]>): void {
  console.log(
    `\n| ${title} | times | p50 ms | p95 ms | p99 ms | most ms |\n| --- | ---: | ---: | ---: | ---: | ---: |`,
  );
  for (const [name, values] of Object.entries(times)) {
    const { p50, p95, p99 } = percentilesOf(values);
    const cells = [p50, p95, p99, Math.max(...values)].map(each => each.toFixed(0));
    console.log(`| ${name} | ${values.length} | ${cells.join(' | ')} |`);
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
