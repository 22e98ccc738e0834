import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { row } from '../support/chat_page';
import { assertAccessible, openContext, openPage, openTab, PHONE } from '../support/page';
import { people, person, text, type Person } from '../support/person';

const names = (page: Page): Promise<string[]> => page.locator('.row .name').allInnerTexts();

async function act(page: Page, name: string, action: string): Promise<void> {
  await row(page, name).click({ button: 'right' });
  await page.getByRole('menuitem', { name: action, exact: true }).click();
}

async function written(to: Person, ...from: string[]): Promise<Person[]> {
  const others: Person[] = [];
  for (const name of from) {
    const other = await person({ name });
    await other.call('message.send', { to: { userId: to.id }, ...text(`I am ${name}`) });
    others.push(other);
  }
  return others;
}

describe('the list of conversations on the page', () => {
  it('is sorted by what is new, with what is pinned above, and counts what is unread', async () => {
    const ann = await person({ name: 'Ann' });
    const [ben] = await written(ann, 'Ben', 'Cho', 'Dee');
    const page = await openPage(ann);
    await page.getByTitle('Chats').getByText('3').waitFor();
    assert.deepEqual(await names(page), ['Dee', 'Cho', 'Ben']);
    await ben.call('message.send', { to: { userId: ann.id }, ...text('Me again') });
    await row(page, 'Ben.*Me again.*2 unread messages').waitFor();
    assert.deepEqual(await names(page), ['Ben', 'Dee', 'Cho']);
    assert.equal(await page.title(), '(4) egg-im');
    await act(page, 'Cho', 'Pin');
    await page.getByTitle('Pinned').waitFor();
    assert.deepEqual(await names(page), ['Cho', 'Ben', 'Dee']);
    await assertAccessible(page);
  });

  it('mutes, marks as read and unread, and deletes', async () => {
    const ann = await person({ name: 'Ann' });
    const [ben] = await written(ann, 'Ben', 'Cho');
    const page = await openPage(ann, PHONE);
    await act(page, 'Ben', 'Mute');
    await page.getByTitle('Muted').waitFor();
    await page.getByTitle('Chats').getByText('1').waitFor();
    await act(page, 'Cho', 'Mark as read');
    await page.getByTitle('Chats').getByText('1').waitFor({ state: 'detached' });
    await act(page, 'Cho', 'Mark as unread');
    await row(page, 'Cho.*Marked as unread').waitFor();
    await row(page, 'Ben').click({ button: 'right' });
    await assertAccessible(page);
    await page.getByRole('menuitem', { name: 'Delete chat' }).click();
    await page.getByText('Delete the chat with Ben?').waitFor();
    await assertAccessible(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await act(page, 'Ben', 'Delete chat');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete chat' }).click();
    await row(page, 'Ben').waitFor({ state: 'detached' });
    await ben.call('message.send', { to: { userId: ann.id }, ...text('Still there?') });
    await row(page, 'Ben.*Still there').click();
    await page.locator('.bubble', { hasText: 'Still there?' }).waitFor();
    assert.equal(await page.locator('.bubble', { hasNotText: 'Still there?' }).count(), 0);
  });

  it('goes with the arrow keys, and opens with Enter', async () => {
    const ann = await person({ name: 'Ann' });
    await written(ann, 'Ben', 'Cho', '张伟');
    const page = await openPage(ann);
    await row(page, '张伟').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Ben' }).waitFor();
  });

  it('is held whole, however long, and shows what is in sight', async () => {
    const [ann, ben] = await people(2);
    for (let n = 1; n <= 60; n++) await ann.call('group.create', { name: `Group ${n}`, memberIds: [ben.id] });
    const page = await openPage(ann);
    await page.locator('.row').first().waitFor();
    assert((await page.locator('.row').count()) < 30);
    await page.locator('.row').first().focus();
    await page.keyboard.press('End');
    await page.locator('[aria-posinset="60"] a:focus').waitFor();
  });

  it('shows two users in two tabs of one browser, each their own', async () => {
    const [ann, ben] = await people(2);
    await ann.call('message.send', { to: { userId: ben.id }, ...text('Hello') });
    const context = await openContext();
    const first = await openTab(context, ann);
    await row(first, 'Pat 1').waitFor();
    const second = await openTab(context);
    // A new tab goes on as the last one.
    await row(second, 'Pat 1').waitFor();
    await second.getByRole('link', { name: 'Settings' }).click();
    await second.getByRole('button', { name: 'Log in as somebody else' }).click();
    await second.getByRole('button', { name: 'Pat 0' }).waitFor();
    await second.getByLabel('Account').fill(ben.credentials.account);
    await second.getByLabel('Password').fill(ben.credentials.password);
    await second.keyboard.press('Enter');
    await row(second, 'Pat 0').click();
    await second.getByRole('textbox', { name: 'Write a message' }).fill('From the other tab');
    await second.keyboard.press('Enter');
    await row(first, 'Pat 1.*From the other tab').waitFor();
    await Promise.all([first.reload(), second.reload()]);
    await row(first, 'Pat 1').waitFor();
    await row(second, 'Pat 0').waitFor();
  });

  it('is the same in two tabs of one user, who logs out of both at once', async () => {
    const ann = await person({ name: 'Ann' });
    await written(ann, 'Ben');
    const context = await openContext();
    const [first, second] = [await openTab(context, ann), await openTab(context)];
    await row(first, 'Ben.*1 unread').waitFor();
    await row(second, 'Ben.*1 unread').click();
    await row(first, 'Ben').getByText('unread').waitFor({ state: 'detached' });
    await first.getByRole('link', { name: 'Settings' }).click();
    await first.getByRole('button', { name: 'Log out' }).click();
    for (const page of [first, second]) await page.getByRole('button', { name: 'Log in', exact: true }).waitFor();
  });
});
