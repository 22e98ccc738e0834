import type { Page } from 'playwright-core';
import { openPage, type PageOptions } from '../../support/page';
import { person, type Person } from '../../support/person';
import type { Cast } from './play';
import type { Screen } from './screens';
import { chatScreens } from './screens_chat';
import { groupScreens, peopleScreens } from './screens_people';
import { searchScreens, settingsScreens } from './screens_more';
import { wordsOf } from './words';

/** Every screen of the page, by its room. */
export const rooms = {
  chats: chatScreens,
  people: peopleScreens,
  groups: groupScreens,
  search: searchScreens,
  settings: settingsScreens,
} as const;

export const screens: readonly Screen[] = Object.values(rooms).flat();

/** Shows screens one after the other, in one size, light or dark, in the language of the cast. */
export class Tour {
  private page?: Page;

  constructor(
    private readonly cast: Cast,
    private readonly options: PageOptions,
  ) {}

  async show(screen: Screen): Promise<Page> {
    const { cast } = this;
    const { lang } = cast.story;
    const stage = { cast, say: wordsOf(lang), page: await this.pageOf(screen, screen.path(cast)) };
    await screen.show(stage);
    return stage.page;
  }

  /** The user's is the same for all screens, for speed. */
  private async pageOf({ who }: Screen, path: string): Promise<Page> {
    const { lang } = this.cast.story;
    const open = (someone?: Person) => openPage(someone, { ...this.options, lang, path, microphone: true });
    if (who === 'nobody') return open();
    if (who === 'newcomer') return open(await person({ name: this.cast.story.me }));
    if (!this.page) return (this.page = await open(this.cast.me));
    await this.leave(this.page);
    await this.page.goto(`/#${path}`);
    return this.page;
  }

  /** Closes what is open in front of the screen, and goes to where nothing is left of it. */
  private async leave(page: Page): Promise<void> {
    for (let n = 0; n < 2; n++) await page.keyboard.press('Escape');
    await page.goto('/#/settings');
    await page.getByRole('heading', { level: 1, name: wordsOf(this.cast.story.lang)('settings.title') }).waitFor();
  }
}
