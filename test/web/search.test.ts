import assert from 'node:assert/strict';
import { assertAccessible, openPage, PHONE } from '../support/page';
import { people, person, text } from '../support/person';

describe('search on the page', () => {
  it('finds chats, people and messages, and leads to the place of a message', async () => {
    const [ann, ben] = await people(2);
    const { conversationId } = await ben.call('message.send', { to: { userId: ann.id }, ...text('The first line') });
    for (let n = 2; n <= 90; n++) await ben.call('message.send', { conversationId, ...text(`line ${n}`) });
    await person({ name: 'Firstborn' });
    const page = await openPage(ann);
    await page.getByRole('searchbox', { name: 'Search in everything' }).fill('first');
    await page.getByRole('link', { name: 'Firstborn' }).first().waitFor();
    await page.getByRole('heading', { name: 'Messages in Pat 1' }).waitFor();
    assert.equal(await page.locator('mark').innerText(), 'first');
    await assertAccessible(page);
    await page.getByRole('link', { name: 'Pat 1' }).last().click();
    await page.getByRole('log').getByText('The first line').waitFor();
    await page.getByRole('button', { name: 'To the newest message' }).waitFor();
    await page.getByRole('searchbox').fill('line');
    await page.getByRole('link', { name: /All \d+ messages/ }).click();
    await page.getByRole('main').getByText('90').first().waitFor();
    await page.getByRole('searchbox', { name: 'Search in everything' }).fill('nobody and nothing');
    await page.getByText('Nothing found').waitFor();
    await assertAccessible(page);
  });

  it('stays within a chat: words, a day, what is pinned and starred', async () => {
    const [ann, ben] = await people(2);
    const { conversationId } = await ben.call('message.send', {
      to: { userId: ann.id },
      ...text('我们明天去爬山吧 ⛰️'),
    });
    const { seq } = await ben.call('message.send', { conversationId, ...text('a pinned word') });
    await ann.call('message.pin', { conversationId, seq, pinned: true });
    await ann.call('message.star', { conversationId, seq: 1, starred: true });
    const page = await openPage(ann, { ...PHONE, theme: 'dark', path: `/c/${conversationId}` });
    await page.getByRole('link', { name: 'Search in this chat' }).click();
    await page.getByRole('searchbox').fill('爬山');
    await page.locator('mark').getByText('爬山').waitFor();
    await assertAccessible(page);
    await page.getByRole('tab', { name: 'Pinned' }).click();
    await page.getByText('a pinned word').waitFor();
    await assertAccessible(page);
    await page.getByRole('tab', { name: 'Starred' }).click();
    await page.getByText('我们明天去爬山吧').waitFor();
    await page.getByRole('tab', { name: 'Date' }).click();
    await page.getByLabel('Messages from this day on').fill('2020-01-01');
    await assertAccessible(page);
    await page.getByRole('button', { name: 'Go there' }).click();
    await page.getByRole('log').getByText('我们明天去爬山吧').waitFor();
    await page.waitForURL(/at=1$/);
  });

  it('tells who of a group has read a message', async () => {
    const [ann, ben, cat] = await people(3);
    const { id } = await ann.call('group.create', { name: 'Hikers', memberIds: [ben.id, cat.id] });
    const { seq } = await ann.call('message.send', { conversationId: id, ...text('Who reads this') });
    await ben.call('conversation.read', { conversationId: id, seq });
    const page = await openPage(ann, { path: `/c/${id}` });
    await page.getByRole('log').getByText('Who reads this').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Read by' }).click();
    await page.getByRole('heading', { name: 'Read by 1', exact: true }).waitFor();
    await page.getByRole('heading', { name: 'Not read yet by 1' }).waitFor();
    await assertAccessible(page);
  });
});
