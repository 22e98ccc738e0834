import assert from 'node:assert/strict';
import { nextFrame, row } from '../support/chat_page';
import { haveBefriended } from '../support/friends';
import { assertAccessible, openContext, openPage, openTab, PHONE } from '../support/page';
import { people, text } from '../support/person';

const bubble = '.bubble';

/** A page that can be put into the background, and brought back. */
const CAN_BE_LEFT = `{
  let isLeft = false;
  Object.defineProperty(document, 'visibilityState', { get: () => (isLeft ? 'hidden' : 'visible') });
  window.leave = is => {
    isLeft = is;
    document.dispatchEvent(new Event('visibilitychange'));
  };
}`;

describe('a conversation on the page', () => {
  it('goes both ways, from the first word to the mark that it was read', async () => {
    const [ann, ben] = await people(2);
    await haveBefriended(ann, ben);
    const anns = await openPage(ann, { path: '/new' });
    const bens = await openPage(ben, PHONE);
    await anns.getByRole('searchbox').fill(ben.credentials.account);
    await anns.getByRole('link', { name: 'Pat 1' }).click();
    await anns.getByRole('textbox', { name: 'Write a message' }).fill('Hello Ben');
    await anns.keyboard.press('Enter');
    await anns.locator('[data-state=delivered]').waitFor();

    await bens.getByRole('link', { name: /Pat 0.*Hello Ben.*1 unread message/ }).click();
    await bens.locator(bubble).getByText('Hello Ben').waitFor();
    await anns.locator('[data-state=read]').waitFor();
    await bens.getByRole('textbox').fill('Look at https://example.com/a?b=1.');
    await anns.getByText('Pat 1 is typing').waitFor();
    await bens.keyboard.press('Enter');
    const link = anns.getByRole('link', { name: 'https://example.com/a?b=1', exact: true });
    assert.equal(await link.getAttribute('href'), 'https://example.com/a?b=1');
    assert.match((await link.getAttribute('rel')) ?? '', /noopener/);
    await assertAccessible(anns);
    await assertAccessible(bens);
  });

  it('is read as it comes while somebody looks, and marks what has come while nobody did', async () => {
    const [ann, ben] = await people(2);
    const { conversationId } = await ben.call('message.send', { to: { userId: ann.id }, ...text('one') });
    const context = await openContext();
    await context.addInitScript(CAN_BE_LEFT);
    const page = await openTab(context, ann, { path: `/c/${conversationId}` });
    const come = async (words: string) => {
      await ben.call('message.send', { conversationId, ...text(words) });
      await page.locator(bubble).getByText(words).waitFor();
    };
    await row(page, 'Pat 1.*one$').waitFor();
    await page.evaluate(`{
      window.told = [];
      const note = () => told.push(document.title, document.querySelector('.row').innerText);
      new MutationObserver(note).observe(document, { subtree: true, childList: true, characterData: true });
    }`);
    for (const words of ['two', 'three', 'four']) await come(words);
    const told = await page.evaluate<string[]>('told');
    assert(told.some(words => words.includes('four')));
    assert.deepEqual(
      told.filter(words => /unread|\(\d/.test(words)),
      [],
    );

    // What is read is stored, and told, after it is shown so.
    while ((await ann.call('conversation.show', { conversationId })).unread > 0) await nextFrame(page);
    await page.evaluate('leave(true)');
    await come('unseen');
    await row(page, '1 unread').waitFor();
    await come('unseen as well');
    await page.getByText('New messages').waitFor();
    await page.evaluate('leave(false)');
    await row(page, 'unread').waitFor({ state: 'detached' });
    const lines = await page.getByRole('log').innerText();
    assert.match(lines, /four\s+New messages\s+unseen\s+unseen as well/);
  });

  it('shows what users write as it is, and never as HTML', async () => {
    const [ann, ben] = await people(2);
    const words = '<img src=x onerror=alert(1)> <b>bold</b> &amp; javascript:alert(1)';
    const { conversationId } = await ann.call('message.send', { to: { userId: ben.id }, ...text(words) });
    const page = await openPage(ben, { path: `/c/${conversationId}` });
    await page.locator(bubble).getByText(words).waitFor();
    assert.equal(await page.locator(`${bubble} img, ${bubble} b, ${bubble} a`).count(), 0);
  });

  it('keeps what is written while there is no connection, and sends it once there is one', async () => {
    const [ann, ben] = await people(2);
    const { conversationId } = await ann.call('message.send', { to: { userId: ben.id }, ...text('one') });
    const page = await openPage(ann, { path: `/c/${conversationId}` });
    await page.locator('[data-state=sent], [data-state=delivered]').waitFor();
    await page.context().setOffline(true);
    await page.getByText('No connection').first().waitFor();
    await page.getByRole('textbox', { name: 'Write a message' }).fill('two');
    await page.keyboard.press('Enter');
    await page.locator('[data-state=pending]').waitFor();
    await assertAccessible(page);
    await page.context().setOffline(false);
    await page.locator('[data-state=pending]').waitFor({ state: 'detached' });
    await page.locator('[data-state=sent], [data-state=delivered]').nth(1).waitFor();
    const { data } = await ben.page('message.index', { id: conversationId });
    assert.deepEqual(
      data.map(({ content }) => content),
      [{ text: 'one' }, { text: 'two' }],
    );
  });

  it('says why a message was refused, which can be sent again or discarded', async () => {
    const [ann, ben] = await people(2);
    const { conversationId } = await ann.call('message.send', { to: { userId: ben.id }, ...text('one') });
    await ben.call('block.create', { userId: ann.id });
    const page = await openPage(ann, { path: `/c/${conversationId}` });
    const field = page.getByRole('textbox', { name: 'Write a message' });
    for (const [index, words] of ['refused', 'thrown away'].entries()) {
      await field.fill(words);
      await page.keyboard.press('Enter');
      await page.getByText('Not sent.').nth(index).waitFor();
    }
    await assertAccessible(page);
    await page.getByRole('button', { name: 'Discard' }).last().click();
    await page.locator(bubble).getByText('thrown away').waitFor({ state: 'detached' });
    await ben.call('block.remove', { userId: ann.id });
    await page.getByRole('button', { name: 'Send again' }).click();
    await page.getByText('Not sent.').waitFor({ state: 'detached' });
    await page.locator('[data-state=sent], [data-state=delivered]').nth(1).waitFor();
  });

  it('keeps a draft, on other devices too, and the list shows it', async () => {
    const [ann, ben] = await people(2);
    const { conversationId } = await ann.call('message.send', { to: { userId: ben.id }, ...text('one') });
    const page = await openPage(ann, { ...PHONE, path: `/c/${conversationId}` });
    await page.getByRole('textbox', { name: 'Write a message' }).fill('half a word');
    const other = await openPage(ann);
    await other.getByText('Draft: half a word').waitFor();
    await page.getByRole('link', { name: 'Back' }).click();
    await page.getByText('Draft: half a word').waitFor();
    await page.reload();
    await page.getByText('Draft: half a word').click();
    await page.getByRole('textbox', { name: 'Write a message' }).and(page.locator(':focus-visible, *')).waitFor();
    assert.equal(await page.getByRole('textbox', { name: 'Write a message' }).inputValue(), 'half a word');
  });
});
