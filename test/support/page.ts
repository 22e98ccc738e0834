import axe from 'axe-core';
import assert from 'node:assert/strict';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import type { Person } from './person';
import { url } from './service';

export interface PageOptions {
  /** Pixels. Default: a desktop's. */
  readonly width?: number;
  readonly height?: number;
  readonly lang?: 'en' | 'zh-CN';
  readonly theme?: 'light' | 'dark';
  /** What follows the `#` of the address. */
  readonly path?: string;
  /** Where the service is reached. Default: directly. */
  readonly baseURL?: string;
  /** The microphone, which makes a sound by itself, may be used. */
  readonly microphone?: boolean;
}

export const PHONE = { width: 390, height: 780 } as const;

const FLAGS = [
  'use-fake-device-for-media-stream',
  'no-sandbox',
  'disable-gpu',
  'disable-quic',
  'no-first-run',
  'disable-background-networking',
];
let browser: Promise<Browser> | undefined;
const contexts = new Set<BrowserContext>();
const offences: string[] = [];

/** One for all files, from the first test that needs it on. */
function browserOf(): Promise<Browser> {
  browser ??= chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: [...FLAGS, 'disable-component-update', 'disable-sync'].map(flag => `--${flag}`),
  });
  return browser;
}

after(async () => {
  await (await browser)?.close();
});

afterEach(async function () {
  if (this.currentTest?.state === 'failed') await picture(this.currentTest.title);
  await Promise.all([...contexts].map(each => each.close()));
  contexts.clear();
  assert.deepEqual(takeOffences(), [], 'what the page has thrown, or was forbidden by its policy');
});

/** What is shown when a test fails, in .local/pictures. */
async function picture(title: string): Promise<void> {
  const pages = [...contexts].flatMap(each => each.pages());
  for (const [n, page] of pages.entries()) await page.screenshot({ path: `.local/pictures/${title} ${n + 1}.png` });
}

/** A browser of its own, as that of somebody who was never here before. */
export async function openContext(options: PageOptions = {}): Promise<BrowserContext> {
  const { width = 1280, height = 800, lang = 'en', theme = 'light', baseURL = url() } = options;
  const context = await (
    await browserOf()
  ).newContext({
    baseURL,
    viewport: { width, height },
    locale: lang,
    colorScheme: theme,
    hasTouch: width < 768,
    permissions: options.microphone ? ['microphone'] : [],
  });
  context.setDefaultTimeout(15_000);
  contexts.add(context);
  context.on('weberror', error => offences.push(error.error().message));
  context.on('console', message => {
    if (/Content Security Policy|\[Vue warn\]/.test(message.text())) offences.push(message.text());
  });
  return context;
}

/** What pages have thrown, or were forbidden by a policy, up to now: a test that means it takes it. */
export function takeOffences(): string[] {
  return offences.splice(0);
}

/** The page on a device of its own, of somebody who is logged in, or of nobody. */
export async function openPage(person?: Person, options: PageOptions = {}): Promise<Page> {
  return openTab(await openContext(options), person, options);
}

/** One more tab of a browser. */
export async function openTab(
  context: BrowserContext,
  person?: Person,
  { path = '/' }: PageOptions = {},
): Promise<Page> {
  const page = await context.newPage();
  if (person) await logIn(page, person);
  await page.goto(`/#${path}`);
  return page;
}

async function logIn(page: Page, person: Person): Promise<void> {
  const { id: userId, session, deviceId } = await person.login({ platform: 'web' });
  const { accessToken, refreshToken } = session;
  const kept = JSON.stringify({ userId, deviceId, accessToken, refreshToken });
  // Once: a page that is loaded again finds what it has made of it.
  const script = `localStorage.getItem('tested') || localStorage.setItem('egg-im:session', ${JSON.stringify(kept)});
    localStorage.setItem('tested', 'yes')`;
  await page.addInitScript(script);
}

/** What fades in is in between: until then its colours are not those that are to be seen. */
const STILL = `Promise.allSettled(document.getAnimations().flatMap(each =>
  each.effect.getComputedTiming().iterations === Infinity ? [] : each.finished)).then(() => 0)`;

/** Fails when a screen is hard to use for somebody who does not see it, or not well, or has no mouse. */
export async function assertAccessible(page: Page): Promise<void> {
  // Not as a script of the page, which its policy would forbid.
  await page.evaluate(axe.source);
  await page.evaluate(STILL);
  const { violations } = await page.evaluate<axe.AxeResults>('axe.run(document, { resultTypes: ["violations"] })');
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const told = serious.map(
    ({ id, nodes }) => `${id}: ${nodes.map(node => `${node.html} ${node.failureSummary}`).join('\n')}`,
  );
  assert.deepEqual(told, []);
}
