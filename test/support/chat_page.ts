import type { Locator, Page } from 'playwright-core';

/** The bubbles of messages with these words in them. */
export const bubble = (page: Page, words: string): Locator => page.locator('.bubble', { hasText: words });

/** Where messages are written. */
export const field = (page: Page): Locator => page.getByRole('textbox', { name: 'Write a message' });

/** The line of a conversation in the list; `words` is what is read aloud of it, as a regular expression. */
export const row = (page: Page, words: string): Locator =>
  page.getByRole('list', { name: 'Chats' }).getByRole('link', { name: new RegExp(words) });

export async function write(page: Page, words: string): Promise<void> {
  await field(page).fill(words);
  await page.keyboard.press('Enter');
}

/** Chooses from the menu of a message. */
export async function act(page: Page, words: string, action: string): Promise<void> {
  await bubble(page, words).last().click({ button: 'right' });
  await page.getByRole('menuitem', { name: action, exact: true }).click();
}

/** Waits until a field holds these words. */
export async function holds(place: Locator, words: string): Promise<void> {
  while ((await place.inputValue()) !== words) await nextFrame(place.page());
}

export const nextFrame = (page: Page): Promise<void> =>
  page.evaluate('new Promise(done => requestAnimationFrame(() => done()))');
