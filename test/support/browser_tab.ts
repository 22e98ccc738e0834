import type { Place, Reading } from 'egg-im-client';
import type { BrowserContext, Page } from 'playwright-core';
import type { Person } from './person';
import { sdkScript } from './realm';

const HTML = `<script src="/sdk.js"></script><script>
  const client = new sdk.Client({ url: location.origin });
  const open = userId => sdk.openIndexedDb('egg-im:' + location.origin + ':' + userId);
</script>`;

/** The SDK in a tab of a browser, with all that a browser has and without the chat page. */
export class BrowserTab {
  private constructor(
    private readonly page: Page,
    private readonly person: Person,
  ) {}

  /** To be logged in, or started. */
  static async open(context: BrowserContext, person: Person): Promise<BrowserTab> {
    const page = await context.newPage();
    await page.route('/sdk.html', route => route.fulfill({ contentType: 'text/html', body: HTML }));
    await page.route('/sdk.js', async route =>
      route.fulfill({ contentType: 'text/javascript', body: await sdkScript() }),
    );
    await page.goto('/sdk.html');
    return new BrowserTab(page, person);
  }

  /** Evaluates a script, in which `client` is there. Resolves with what it does. */
  run<T>(script: string): Promise<T> {
    return this.page.evaluate<T>(script);
  }

  /** Resolves when the session that the browser keeps goes on. */
  async start(): Promise<void> {
    await this.run('client.start()');
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.start();
  }

  /** Resolves when everything is stored up to a place, and everything sent or refused. */
  async reach({ last, epoch }: Place): Promise<void> {
    await this.page.waitForFunction(`open('${this.person.id}').then(store => store.read(async t => {
      const place = await t.get('place', ['place']);
      const isSent = (await t.list('outbox')).every(item => item.state === 'failed');
      const isKnown = !(await t.list('conversations')).some(row => row.stale);
      const isTold = (await t.list('intents')).length === 0;
      return place.epoch === '${epoch}' && place.last >= ${last} && isSent && isKnown && isTold;
    }).finally(() => store.close()))`);
  }

  /** What IndexedDB holds, by a connection of its own. */
  read<T>(work: (t: Reading) => Promise<T>): Promise<T> {
    const ask = <R>(call: string): Promise<R> =>
      this.run(`open('${this.person.id}').then(store => store.read(t => t.${call}).finally(() => store.close()))`);
    return work({
      get: (table, key) => ask(`get('${table}', ${JSON.stringify(key)})`),
      list: (table, range = {}) => ask(`list('${table}', ${JSON.stringify(range)})`),
    });
  }
}
