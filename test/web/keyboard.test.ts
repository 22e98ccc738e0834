import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { bubble, field, row } from '../support/chat_page';
import { openPage } from '../support/page';
import { people, text } from '../support/person';

/** More than there are on any screen. */
const MOST = 60;

/** Goes on by a key until something has the focus. */
async function go(page: Page, key: 'Tab' | 'Shift+Tab', to: Locator): Promise<void> {
  await to.waitFor();
  const has = () => to.evaluate(element => element === element.ownerDocument.activeElement);
  for (let n = 0; !(await has()); n++) {
    assert(n < MOST, `${String(to)} is not reached`);
    await page.keyboard.press(key);
  }
}

describe('the page without a mouse', () => {
  it('is logged in to, written in, and left, by keys alone', async () => {
    const [ann, ben] = await people(2);
    await ben.call('message.send', { to: { userId: ann.id }, ...text('Anybody there?') });
    const page = await openPage();
    const { keyboard } = page;
    await go(page, 'Tab', page.getByLabel('Account'));
    await keyboard.type(ann.credentials.account);
    await go(page, 'Tab', page.getByLabel('Password'));
    await keyboard.type(ann.credentials.password);
    await go(page, 'Tab', page.getByRole('button', { name: 'Log in', exact: true }));
    await keyboard.press('Enter');

    await go(page, 'Tab', row(page, 'Pat 1'));
    await keyboard.press('Enter');
    await go(page, 'Tab', field(page));
    await keyboard.type('Without a mouse');
    await keyboard.press('Enter');
    await page.locator('[data-state=sent], [data-state=delivered]').waitFor();

    const actions = page.getByRole('button', { name: 'Actions' }).last();
    await go(page, 'Shift+Tab', actions);
    await keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Reply' }).waitFor();
    await keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    await go(page, 'Tab', actions);
    await keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Reply' }).waitFor();
    await keyboard.press('End');
    await page.getByRole('menuitem', { name: 'Delete for both' }).and(page.locator(':focus')).waitFor();
    await keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    // The focus does not leave a dialog.
    for (let n = 0; n < 5; n++) await keyboard.press('Tab');
    await dialog.locator(':focus').waitFor();
    await keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await bubble(page, 'Without a mouse').waitFor();

    await go(page, 'Shift+Tab', page.getByRole('link', { name: 'Settings' }));
    await keyboard.press('Enter');
    await go(page, 'Tab', page.getByRole('button', { name: 'Log out' }));
    await keyboard.press('Enter');
    await page.getByRole('button', { name: 'Log in', exact: true }).waitFor();
  });
});
