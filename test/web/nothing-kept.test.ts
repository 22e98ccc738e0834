import assert from 'node:assert/strict';
import { bubble, row, write } from '../support/chat_page';
import { openContext, openTab } from '../support/page';
import { people, text } from '../support/person';

/** As in a private window, or a frame of another site: the browser keeps nothing, and says so by throwing. */
const FORBIDDEN = `{
  const refuse = () => { throw new DOMException('Not here', 'SecurityError'); };
  IDBFactory.prototype.open = refuse;
  for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, { get: refuse });
}`;

describe('the page in a browser that keeps nothing', () => {
  it('logs in, shows, sends and receives, and takes what is chosen for as long as it is open', async () => {
    const [ann, ben] = await people(2);
    const { conversationId } = await ben.call('message.send', { to: { userId: ann.id }, ...text('Are you there?') });
    const context = await openContext();
    await context.addInitScript(FORBIDDEN);
    const page = await openTab(context);
    await page.getByLabel('Account').fill(ann.credentials.account);
    await page.getByLabel('Password').fill(ann.credentials.password);
    await page.keyboard.press('Enter');
    await row(page, 'Pat 1.*Are you there').click();
    await write(page, 'Just for now');
    await page.locator('[data-state=sent], [data-state=delivered]').waitFor();
    await ben.call('message.send', { conversationId, ...text('Good') });
    await bubble(page, 'Good').waitFor();
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('radio', { name: 'Dark' }).click();
    await page.getByRole('radio', { name: '中文' }).click();
    await page.getByRole('heading', { name: '设置' }).first().waitFor();
    assert.equal(await page.getAttribute('html', 'data-theme'), 'dark');
  });
});
