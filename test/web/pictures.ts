import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { admitAdmin } from '../support/notice';
import { openContext, openTab, PHONE, type PageOptions } from '../support/page';
import { Proxy } from '../support/proxy';
import { url } from '../support/service';
import { play } from './pictures/play';
import { chinese, english, type Story } from './pictures/story';
import { screens, Tour } from './pictures/tour';

/*
 * The pictures of the page for docs/images and the README: `npm run pictures`. They need fonts with Chinese and emoji, on Debian
 * fonts-wqy-microhei and fonts-noto-color-emoji.
 */
const DIR = join(__dirname, '../../docs/images');

const views = {
  'desktop-light': { theme: 'light' },
  'desktop-dark': { theme: 'dark' },
  'phone-light': { theme: 'light', ...PHONE },
  'phone-dark': { theme: 'dark', ...PHONE },
} as const satisfies Record<string, PageOptions>;
type Shown = Readonly<Partial<Record<keyof typeof views, readonly string[]>>>;

/** Screens that are shown in both languages. What is done on one is seen on those after it: lists come first. */
const both: Shown = {
  'desktop-light': ['login', 'empty', 'group-chat'],
  'desktop-dark': ['single-chat'],
  'phone-light': ['list', 'group-chat'],
  'phone-dark': ['list', 'single-chat'],
};
const more: readonly (readonly [story: Story, shown: Shown])[] = [
  [
    english,
    {
      'desktop-light': ['media-chat-above', 'group', 'search'],
      'desktop-dark': ['friend'],
      'phone-light': ['sending-files'],
      'phone-dark': ['viewer'],
    },
  ],
  [
    chinese,
    {
      'desktop-light': ['cropping', 'settings'],
      'desktop-dark': ['emoji'],
      'phone-light': ['requests', 'members'],
      'phone-dark': ['friends', 'notices'],
    },
  ],
];

async function take(page: Page, name: string): Promise<void> {
  await page.waitForLoadState('networkidle');
  // No moving part of a picture, and nothing below the pointer.
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(DIR, `${name}.png`), animations: 'disabled', caret: 'hide' });
}

describe('pictures', () => {
  before(() => {
    mkdirSync(DIR, { recursive: true });
  });

  beforeEach(() => {
    admitAdmin();
  });

  for (const [story, shown] of more) {
    const lang = story.lang.slice(0, 2);

    it(`of screens (${lang})`, async function () {
      this.timeout(180_000);
      const cast = await play(story);
      for (const [view, options] of Object.entries(views) as [keyof typeof views, PageOptions][]) {
        const tour = new Tour(cast, options);
        for (const name of [...(both[view] ?? []), ...(shown[view] ?? [])]) {
          const screen = screens.find(each => each.name === name);
          if (!screen) throw new Error(`There is no screen ${name}`);
          await take(await tour.show(screen), `${name}-${view}-${lang}`);
        }
      }
    });

    it(`of a lost connection (${lang})`, async () => {
      const { me, single } = await play(story);
      const { hostname: host, port } = new URL(url());
      const way = new Proxy({ host, port: Number(port) });
      const context = await openContext({ lang: story.lang, ...PHONE, baseURL: `http://127.0.0.1:${way.port}` });
      const page = await openTab(context, me, { path: `/c/${single}` });
      await page.getByText(story.single.at(-1)![1]).last().waitFor();
      way.cut();
      await page.getByRole('textbox').last().fill(story.short[0]);
      await page.keyboard.press('Enter');
      await page.getByText(story.short[0]).last().waitFor();
      await page.getByRole('status').getByRole('button').first().waitFor();
      await page.screenshot({
        path: join(DIR, `offline-phone-light-${lang}.png`),
        animations: 'disabled',
        caret: 'hide',
      });
    });
  }
});
