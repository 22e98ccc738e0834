import type { Locator, Page } from 'playwright-core';
import type { Cast } from './play';

/** A page that shows a screen, and what the screen is of. */
export interface Stage {
  readonly page: Page;
  readonly cast: Cast;
  /** The page's words of a key, in its language. */
  say(key: string): string;
}

export interface Screen {
  readonly name: string;
  /** Who looks at it: the user, somebody new, or nobody who is logged in. Default: the user. */
  readonly who?: 'newcomer' | 'nobody';
  /** What follows the `#` of its address. */
  path(cast: Cast): string;
  /** Brings it to what is to be seen, and waits for it. */
  show(stage: Stage): Promise<unknown>;
}

type Show = Screen['show'];

export const button = ({ page, say }: Stage, key: string): Locator =>
  page.getByRole('button', { name: say(key), exact: true }).first();
export const seen = (locator: Locator): Promise<void> => locator.first().waitFor();

/** Waits for words of the page. */
export const words =
  (key: string): Show =>
  ({ page, say }) =>
    seen(page.getByText(say(key)));

/** Presses a button of the page, and waits for a dialog. */
export const dialogOf =
  (key: string): Show =>
  async stage => {
    await button(stage, key).click();
    await seen(stage.page.getByRole('dialog'));
  };

export const inSequence =
  (...shows: Show[]): Show =>
  async stage => {
    for (const show of shows) await show(stage);
  };

/** The field to write in. */
export const composer = ({ page, say }: Stage): Locator => page.getByRole('textbox', { name: say('messages.write') });

/** Waits until the messages are where they are to be seen. */
export const messages: Show = ({ page }) => seen(page.getByRole('log').locator('.placed'));

/** Writes into the search box. */
export const search =
  (text: (stage: Stage) => string): Show =>
  stage =>
    stage.page.getByRole('searchbox').last().fill(text(stage));

/** Waits for the first of a list. */
export const row: Show = ({ page }) => seen(page.locator('.item'));
