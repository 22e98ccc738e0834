import assert from 'node:assert/strict';
import { act, bubble, field } from '../support/chat_page';
import { assertAccessible, openPage } from '../support/page';
import { people, person, text } from '../support/person';

describe('what is done with messages on the page', () => {
  it('answers one, and leads back to it', async () => {
    const [ann, ben] = await people(2);
    const { conversationId } = await ann.call('message.send', { to: { userId: ben.id }, ...text('What is it?') });
    for (let n = 1; n <= 80; n++) await ann.call('message.send', { conversationId, ...text(`filling ${n}`) });
    await ben.call('message.send', { conversationId, ...text('It is tea'), replyTo: 1 });
    const page = await openPage(ann, { path: `/c/${conversationId}` });
    await bubble(page, 'It is tea').getByRole('button', { name: 'You What is it?' }).click();
    await bubble(page, 'What is it?').first().waitFor();
    await page.locator('.highlighted', { hasText: 'What is it?' }).waitFor();
    await page.getByRole('button', { name: 'To the newest message' }).click();
    await act(page, 'It is tea', 'Reply');
    await page.getByText('Reply to Pat 1').waitFor();
    await page.keyboard.type('With milk');
    await assertAccessible(page);
    await page.keyboard.press('Enter');
    await bubble(page, 'With milk').getByText('It is tea').waitFor();
    await bubble(page, 'With milk').locator('[data-state=sent]').waitFor();
    const { data } = await ben.page('message.index', { id: conversationId, query: { limit: 1 } });
    assert.equal(data[0].replyTo, 82);
  });

  it('edits one, with the keyboard alone', async () => {
    const [ann, ben] = await people(2);
    const { conversationId } = await ann.call('message.send', { to: { userId: ben.id }, ...text('Helo') });
    const [page, bens] = [
      await openPage(ann, { path: `/c/${conversationId}` }),
      await openPage(ben, { path: `/c/${conversationId}` }),
    ];
    await bubble(page, 'Helo').waitFor();
    await field(page).fill('half written');
    await page.getByRole('button', { name: 'Actions' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Reply' }).waitFor();
    await assertAccessible(page);
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    await act(page, 'Helo', 'Edit');
    await field(page).fill('Hello');
    await page.keyboard.press('Enter');
    await bubble(bens, 'Hello').getByText('edited').waitFor();
    await bubble(page, 'Hello').getByText('edited').waitFor();
    // What was half written before is still there.
    assert.equal(await field(page).inputValue(), 'half written');
  });

  it('takes one back, deletes one for oneself, and one for both', async () => {
    const [ann, ben] = await people(2);
    const { conversationId } = await ann.call('message.send', { to: { userId: ben.id }, ...text('taken back') });
    for (const words of ['mine', 'ours', 'left']) await ann.call('message.send', { conversationId, ...text(words) });
    const [page, bens] = [
      await openPage(ann, { path: `/c/${conversationId}` }),
      await openPage(ben, { path: `/c/${conversationId}` }),
    ];
    await act(page, 'taken back', 'Take back');
    await page.getByText('You took a message back').waitFor();
    await bens.getByText('Pat 0 took a message back').waitFor();
    await act(page, 'mine', 'Delete for me');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
    await bubble(page, 'mine').waitFor({ state: 'detached' });
    await act(page, 'ours', 'Delete for both');
    await assertAccessible(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
    await bubble(bens, 'ours').waitFor({ state: 'detached' });
    await bubble(bens, 'mine').waitFor();
    await bubble(page, 'left').waitFor();
  });

  it('reacts, with any emoji, and takes it away', async () => {
    const [ann, ben] = await people(2);
    const { conversationId } = await ann.call('message.send', { to: { userId: ben.id }, ...text('Tea?') });
    const [page, bens] = [
      await openPage(ann, { path: `/c/${conversationId}` }),
      await openPage(ben, { path: `/c/${conversationId}` }),
    ];
    await act(bens, 'Tea?', '👍');
    await page.getByRole('button', { name: '👍 1: Pat 1' }).click();
    await bens.getByRole('button', { name: '👍 2: You and Pat 0' }).click();
    await page.getByRole('button', { name: '👍 1: You' }).waitFor();
    await act(page, 'Tea?', 'More reactions');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('searchbox').fill('teacup');
    await assertAccessible(page);
    await dialog.getByText('🍵').click();
    await bens.getByRole('button', { name: '🍵 1: Pat 0' }).waitFor();
  });

  it('mentions members, who are found by their names', async () => {
    const ann = await person({ name: 'Ann' });
    const [zoe, zack] = [await person({ name: 'Zoë' }), await person({ name: 'Zack Long' })];
    const { id } = await ann.call('group.create', { name: 'Tea', memberIds: [zoe.id, zack.id] });
    const [page, zacks] = [await openPage(ann, { path: `/c/${id}` }), await openPage(zack)];
    await field(page).pressSequentially('Hello @z');
    await page.getByRole('option', { name: 'Zoë' }).waitFor();
    await assertAccessible(page);
    await page.keyboard.press('ArrowDown');
    await page.getByRole('option', { name: 'Zack Long', selected: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.type('and @al');
    await page.getByRole('option', { name: 'all' }).click();
    assert.equal(await field(page).inputValue(), 'Hello @Zack Long and @all ');
    await page.keyboard.press('Enter');
    await page.locator('.mention', { hasText: '@Zack Long' }).waitFor();
    await zacks.getByRole('link', { name: /Tea.*You were mentioned/ }).waitFor();
    const { data } = await zoe.page('message.index', { id, query: { limit: 1 } });
    assert.deepEqual([data[0].mentions, data[0].mentionAll], [[zack.id], true]);
  });

  it('puts an emoji where the cursor is', async () => {
    const [ann, ben] = await people(2);
    const { conversationId } = await ann.call('message.send', { to: { userId: ben.id }, ...text('Tea?') });
    const page = await openPage(ann, { path: `/c/${conversationId}` });
    await field(page).fill('Now  or later');
    for (let n = 0; n < 9; n++) await field(page).press('ArrowLeft');
    await page.getByRole('button', { name: 'Emoji' }).click();
    await page.getByRole('searchbox', { name: 'Search emoji' }).fill('teapot');
    await page.getByRole('dialog').getByText('🫖').click();
    assert.equal(await field(page).inputValue(), 'Now 🫖 or later');
  });
});
