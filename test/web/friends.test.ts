import type { Page } from 'playwright-core';
import { assertAccessible, openPage, PHONE } from '../support/page';
import { people, person, text } from '../support/person';

const badgeOf = (page: Page, section: string) => page.getByRole('navigation').getByRole('link', { name: section });

describe('friends on the page', () => {
  it('are asked with a greeting, accepted, named, seen online, and removed', async () => {
    const [ann, ben] = await people(2);
    const anns = await openPage(ann, { path: '/people/add' });
    const bens = await openPage(ben, { ...PHONE, path: '/people' });
    await bens.getByText('No friends yet').waitFor();
    await anns.getByRole('searchbox').fill(ben.credentials.account);
    await anns.getByRole('link', { name: 'Pat 1' }).click();
    await anns.getByRole('button', { name: 'Add as a friend' }).click();
    await anns.getByRole('textbox', { name: /few words/ }).fill('It is Ann');
    await assertAccessible(anns);
    await anns.getByRole('button', { name: 'Send request' }).click();
    await anns.getByText('Waiting for an answer').waitFor();

    await badgeOf(bens, 'People 1').waitFor();
    await bens.getByRole('link', { name: 'Requests 1' }).click();
    await bens.getByText('It is Ann').waitFor();
    await assertAccessible(bens);
    await bens.getByRole('button', { name: 'Accept' }).click();
    await bens.getByText('No requests').waitFor();
    await bens.getByRole('link', { name: 'Back' }).click();
    await bens.getByText('Online').waitFor({ state: 'attached' });
    await assertAccessible(bens);
    await bens.getByRole('link', { name: 'Pat 0' }).click();
    await bens.getByRole('button', { name: /Own name/ }).click();
    await bens.getByRole('textbox').fill('Annie');
    await bens.getByRole('button', { name: 'Save' }).click();
    await bens.getByRole('heading', { name: 'Annie' }).waitFor();
    await bens.getByText('Name: Pat 0').waitFor();
    await assertAccessible(bens);

    await anns.getByRole('link', { name: 'Send a message' }).click();
    await anns.getByRole('textbox').fill('Hello friend');
    await anns.keyboard.press('Enter');
    await bens.getByRole('link', { name: 'Send a message' }).click();
    // When it arrives in the open conversation, it is also read aloud, with the name.
    await bens.getByText('Hello friend', { exact: true }).waitFor();
    await bens.getByRole('link', { name: 'Annie' }).click();
    await bens.getByRole('button', { name: 'Remove friend' }).click();
    await bens.getByRole('dialog').getByRole('button', { name: 'Remove friend' }).click();
    await bens.getByRole('button', { name: 'Add as a friend' }).waitFor();
  });

  it('can be rejected and ignored', async () => {
    const [ann, ben, cat] = await people(3);
    await ben.call('friend.ask', { userId: ann.id });
    await cat.call('friend.ask', { userId: ann.id, greeting: 'Cat here' });
    const page = await openPage(ann, { path: '/people/requests' });
    const of = (name: string) => page.getByRole('listitem').filter({ hasText: name });
    await of('Pat 1').getByRole('button', { name: 'Reject' }).click();
    await of('Pat 1').waitFor({ state: 'detached' });
    await of('Pat 2').getByRole('button', { name: 'Ignore' }).click();
    await page.getByText('No requests').waitFor();
    // Who is ignored is not told.
    const cats = await openPage(cat, { path: '/people/requests' });
    await cats.getByText('Sent by you').waitFor();
  });

  it('are blocked and unblocked, and a blocked one can not write', async () => {
    const [ann, ben] = await people(2);
    await ann.call('message.send', { to: { userId: ben.id }, ...text('one') });
    const page = await openPage(ann, { path: `/people/${ben.id}` });
    await page.getByRole('button', { name: 'Block' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Block' }).click();
    await page.getByRole('button', { name: 'Unblock' }).waitFor();
    const bens = await openPage(ben, { path: `/u/${ann.id}` });
    await bens.getByRole('textbox').fill('Let me in');
    await bens.keyboard.press('Enter');
    await bens.getByText('Not sent.').waitFor();
    await page.getByRole('link', { name: 'Blocked people' }).click();
    await assertAccessible(page);
    await page.getByRole('button', { name: 'Unblock' }).click();
    await page.getByText('Nobody is blocked').waitFor();
  });

  it('has a card of everybody, in Chinese and in the dark as well', async () => {
    const [ann, ben] = [await person(), await person({ name: '陈晓明 😀' })];
    await ben.ask('user.update', { body: { signature: '生活不止眼前的苟且，还有诗和远方', gender: 'male' } });
    const page = await openPage(ann, { lang: 'zh-CN', theme: 'dark', path: `/people/${ben.id}` });
    await page.getByText('诗和远方').waitFor();
    await page.getByText('男', { exact: true }).waitFor();
    await page.getByRole('button', { name: '加为好友' }).waitFor();
    await assertAccessible(page);
  });
});
