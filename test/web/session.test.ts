import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { assertAccessible, openPage } from '../support/page';
import { person } from '../support/person';

describe('the page, to log in', () => {
  it('makes an account, keeps it over a reload, and logs out', async () => {
    const page = await openPage();
    await assertAccessible(page);
    await page.getByRole('button', { name: 'Create an account' }).click();
    await page.getByLabel('Account').fill(`p${randomUUID()}`);
    await page.getByLabel('Your name').fill('Ann');
    await page.getByLabel('Password').fill('correct horse battery');
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByText('No chats yet').waitFor();
    await assertAccessible(page);
    await page.reload();
    await page.getByText('No chats yet').waitFor();
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByText('Ann', { exact: true }).waitFor();
    await assertAccessible(page);
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('button', { name: 'Log in' }).waitFor();
  });

  it('says why somebody is not let in', async () => {
    const ann = await person();
    const page = await openPage();
    await page.getByRole('button', { name: 'Log in' }).click();
    assert.equal(await page.getByText('Fill this in.').count(), 2);
    await page.getByLabel('Account').fill(ann.credentials.account);
    await page.getByLabel('Password').fill('not that');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('password').waitFor();
    await page.getByLabel('Password').fill(ann.credentials.password);
    await page.keyboard.press('Enter');
    await page.getByText('No chats yet').waitFor();
  });

  it('offers the demo accounts where one develops, in the language of the browser', async () => {
    const page = await openPage(undefined, { lang: 'zh-CN', theme: 'dark' });
    await page.getByRole('heading', { name: '演示账号' }).waitFor();
    await page.getByRole('button', { name: 'Carol' }).waitFor();
    assert.equal(await page.getAttribute('html', 'lang'), 'zh-CN');
    await assertAccessible(page);
  });
});
