import assert from 'node:assert/strict';
import { act, bubble, row } from '../support/chat_page';
import { befriend } from '../support/friends';
import { assertAccessible, openPage, PHONE } from '../support/page';
import { people, text } from '../support/person';

describe('messages that are kept and passed on, on the page', () => {
  it('are forwarded: one to a friend, several as one to a chat', async () => {
    const [ann, ben, cat] = await people(3);
    await befriend(ann, cat);
    const { conversationId } = await ben.call('message.send', { to: { userId: ann.id }, ...text('The first') });
    for (const words of ['The second', 'The third']) await ben.call('message.send', { conversationId, ...text(words) });
    const page = await openPage(ann, { ...PHONE, path: `/c/${conversationId}` });
    const cats = await openPage(cat);
    await act(page, 'The first', 'Forward');
    const dialog = page.getByRole('dialog', { name: 'Forward to' });
    await dialog.getByRole('button', { name: 'Pat 1' }).waitFor();
    await dialog.getByRole('searchbox').fill('pat 2');
    await dialog.getByRole('button', { name: 'Pat 1' }).waitFor({ state: 'detached' });
    await assertAccessible(page);
    await dialog.getByRole('button', { name: 'Pat 2' }).click();
    await page.getByText('Forwarded to Pat 2').waitFor();
    await row(cats, 'Pat 0.*The first').click();

    await act(page, 'The first', 'Select');
    await page.getByRole('checkbox', { name: 'Select: The third' }).click();
    await page.getByRole('checkbox', { name: 'Select: The second' }).click();
    await page.getByRole('checkbox', { name: 'Select: The third' }).click();
    await page.getByText('2 selected').waitFor();
    await assertAccessible(page);
    await page.getByRole('button', { name: 'Forward' }).click();
    await page.getByRole('dialog').getByRole('switch', { name: 'As one message' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Pat 2' }).click();
    await cats.getByRole('button', { name: /Chat history.*The first.*The second.*2 messages/s }).waitFor();
    await page.getByText('2 selected').waitFor({ state: 'detached' });

    await act(page, 'The second', 'Select');
    await page.getByRole('checkbox', { name: 'Select: The third' }).click();
    await page.getByRole('button', { name: 'Delete for me' }).click();
    await page.getByRole('dialog', { name: 'Delete 2 messages?' }).getByRole('button', { name: 'Delete' }).click();
    await bubble(page, 'The third').waitFor({ state: 'detached' });
    assert.equal(await page.locator('.bubble').count(), 1);
  });

  it('are pinned and starred, in the bubbles and in lists that lead back', async () => {
    const [ann, ben] = await people(2);
    const { conversationId } = await ben.call('message.send', { to: { userId: ann.id }, ...text('The address') });
    await ben.call('message.send', { conversationId, ...text('The key') });
    const page = await openPage(ann, { path: `/c/${conversationId}` });
    await act(page, 'The address', 'Pin');
    await bubble(page, 'The address').getByTitle('Pinned').waitFor();
    await act(page, 'The key', 'Star');
    await bubble(page, 'The key').getByTitle('Starred').waitFor();
    await assertAccessible(page);
    // On a device that is new what is pinned is asked for; a star is nobody else's.
    const bens = await openPage(ben, { path: `/c/${conversationId}` });
    await bubble(bens, 'The address').getByTitle('Pinned').waitFor();
    assert.equal(await bens.getByTitle('Starred').count(), 0);
    await page.getByRole('link', { name: 'Search in this chat' }).click();
    await page.getByRole('tab', { name: 'Pinned' }).click();
    await page.getByRole('tabpanel').getByRole('link', { name: 'Pat 1' }).click();
    await page.locator('.highlighted', { hasText: 'The address' }).waitFor();
    await act(page, 'The address', 'Unpin');
    await bens.getByTitle('Pinned').waitFor({ state: 'detached' });
    await act(page, 'The key', 'Remove star');
    await page.getByTitle('Starred').waitFor({ state: 'detached' });
  });
});
