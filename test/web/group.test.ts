import type { Page } from 'playwright-core';
import { assertAccessible, openPage, PHONE } from '../support/page';
import { people, text, type Person } from '../support/person';

async function begun(owner: Person, ...others: Person[]): Promise<string> {
  const memberIds = others.map(({ id }) => id);
  return (await owner.call('group.create', { name: 'Hikers', memberIds })).id;
}

async function choose(page: Page, name: string, action: string): Promise<void> {
  await page.getByRole('button', { name: `What to do with ${name}` }).click();
  await page.getByRole('menuitem', { name: action }).click();
}

async function sure(page: Page, action: string): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name: action }).click();
}

const composer = (page: Page) => page.getByRole('textbox', { name: 'Write a message' });

describe('a group on the page', () => {
  it('is made, lives, and ends', async () => {
    const [ann, ben, cat] = await people(3);
    const [anns, bens] = [await openPage(ann, { path: '/new' }), await openPage(ben, PHONE)];
    await anns.getByRole('link', { name: 'New group' }).click();
    await anns.getByRole('textbox', { name: 'Name of the group' }).fill('Hikers');
    await anns.getByRole('searchbox').fill(ben.credentials.account);
    await anns.getByRole('checkbox', { name: 'Pat 1' }).click();
    await anns.getByRole('button', { name: 'Pat 1 Leave out' }).waitFor();
    await assertAccessible(anns);
    await anns.getByRole('button', { name: 'Create with 1 person' }).click();
    await composer(anns).fill('Welcome');
    await anns.keyboard.press('Enter');
    await bens.getByRole('link', { name: /Hikers.*Welcome/ }).click();

    await anns.getByRole('link', { name: 'Hikers', exact: true }).click();
    await anns.getByRole('button', { name: 'Write an announcement' }).click();
    await anns.getByRole('textbox').fill('We meet on Sunday');
    await anns.getByRole('button', { name: 'Save' }).click();
    await assertAccessible(anns);
    await bens.getByRole('complementary', { name: 'Announcement' }).getByText('Sunday').waitFor();
    await assertAccessible(bens);
    await bens.getByRole('button', { name: 'Hide the announcement' }).click();
    await bens.getByRole('complementary').waitFor({ state: 'detached' });

    await anns.getByRole('button', { name: /Name of the group/ }).click();
    await anns.getByRole('textbox').fill('Climbers');
    await anns.getByRole('button', { name: 'Save' }).click();
    await bens.getByRole('link', { name: 'Climbers', exact: true }).waitFor();
    await anns.getByRole('switch', { name: 'Only owner and admins may write' }).click();
    await bens.getByText('Only owner and admins may write here.').waitFor();
    await anns.getByRole('switch', { name: 'Only owner and admins may write' }).click();
    await composer(bens).waitFor();

    await anns.getByRole('link', { name: 'Add people' }).click();
    await anns.getByRole('searchbox', { name: 'Account or name' }).fill(cat.credentials.account);
    await anns.getByRole('checkbox', { name: 'Pat 2' }).click();
    await assertAccessible(anns);
    await anns.getByRole('button', { name: 'Add', exact: true }).click();
    const cats = await openPage(cat);
    await cats.getByRole('link', { name: /Climbers/ }).click();
    await cats.getByRole('complementary', { name: 'Announcement' }).waitFor();

    await anns.getByRole('link', { name: /Members/ }).click();
    await choose(anns, 'Pat 1', 'Make admin');
    await anns.getByText('Admin', { exact: true }).waitFor();
    await anns.getByRole('searchbox', { name: 'Search members' }).fill('pat 2');
    await choose(anns, 'Pat 2', 'Mute for an hour');
    await cats.getByText(/You may not write here until/).waitFor();
    await assertAccessible(anns);
    await choose(anns, 'Pat 2', 'Let write again');
    await composer(cats).waitFor();
    await choose(anns, 'Pat 2', 'Remove');
    await sure(anns, 'Remove');
    await cats.getByText('You were removed from this group.').waitFor();
    await assertAccessible(cats);

    await anns.getByRole('searchbox', { name: 'Search members' }).fill('');
    await choose(anns, 'Pat 1', 'Make owner');
    await sure(anns, 'Make owner');
    await anns.getByRole('button', { name: /What to do/ }).waitFor({ state: 'detached' });
    await bens.getByRole('link', { name: 'Climbers', exact: true }).click();
    await bens.getByRole('link', { name: 'Removed people' }).click();
    await bens.getByText('Removed by Pat 0').waitFor();
    await assertAccessible(bens);
    await bens.getByRole('button', { name: 'Let back in' }).click();
    await bens.getByText('Nobody was removed').waitFor();
    await bens.getByRole('link', { name: 'Back' }).click();
    await assertAccessible(bens);
    await anns.goto(`/#${new URL(cats.url()).hash.slice(1)}`);
    await composer(anns).waitFor();
    await bens.getByRole('button', { name: 'Dissolve group' }).click();
    await sure(bens, 'Dissolve group');
    await bens.getByText('No chats yet').waitFor();
    await anns.getByText('This group was dissolved.').waitFor();
  });

  it('is joined by invitation and by request', async () => {
    const [ann, ben, cat, dan] = await people(4);
    const groupId = await begun(ann, ben);
    await ann.call('group.update', { groupId, joinPolicy: 'approval' });
    const anns = await openPage(ann, { path: `/g/${groupId}/add` });
    await anns.getByRole('searchbox', { name: 'Account or name' }).fill(cat.credentials.account);
    await anns.getByRole('checkbox', { name: 'Pat 2' }).click();
    await anns.getByRole('button', { name: 'Invite' }).click();
    await anns.getByRole('dialog').getByRole('textbox').fill('Come along');
    await sure(anns, 'Invite');
    await anns.getByText('The invitations are sent.').waitFor();
    const cats = await openPage(cat, { ...PHONE, path: '/people/requests' });
    await cats.getByText('Pat 0 invites you: Come along').waitFor();
    await assertAccessible(cats);
    await cats.getByRole('button', { name: 'Accept' }).click();
    await cats.getByRole('link', { name: 'Chats' }).click();
    await cats.getByRole('link', { name: /Hikers/ }).waitFor();

    await dan.call('group.join', { groupId, words: 'Dan here' });
    await anns.getByRole('navigation').getByRole('link', { name: 'People 1' }).waitFor();
    await anns.getByRole('link', { name: 'Requests 1' }).click();
    await anns.getByText('Wants to join Hikers: Dan here').waitFor();
    await assertAccessible(anns);
    await anns.getByRole('button', { name: 'Accept' }).click();
    await anns.getByText('No requests').waitFor();
    await anns.getByRole('link', { name: 'Back' }).first().click();
    await anns.getByText('4 members').waitFor();
  });

  it('offers a plain member nothing that is not allowed, who has an own name there and may leave', async () => {
    const [ann, ben, cat] = await people(3);
    const groupId = await begun(ann, ben, cat);
    await ann.call('message.send', { conversationId: groupId, ...text('one') });
    const page = await openPage(ben, { lang: 'en', theme: 'dark', path: `/g/${groupId}` });
    await page.getByRole('button', { name: 'Your name in this group' }).click();
    await page.getByRole('textbox').fill('Benny');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Your name in this group Benny' }).waitFor();
    await assertAccessible(page);
    for (const name of ['Dissolve group', 'Name of the group', 'Write an announcement']) {
      await page.getByRole('button', { name }).waitFor({ state: 'detached' });
    }
    await page.getByRole('link', { name: /Members/ }).click();
    await page.getByText('Benny', { exact: true }).waitFor();
    await page.getByText('Owner', { exact: true }).waitFor();
    await page.getByRole('button', { name: /What to do/ }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Back' }).click();
    await page.getByRole('button', { name: 'Leave group' }).click();
    await sure(page, 'Leave group');
    await page.getByText('No chats yet').waitFor();
  });
});
