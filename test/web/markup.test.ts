import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { admitAdmin, announce, notice } from '../support/notice';
import { openPage } from '../support/page';
import { person, text, type Person } from '../support/person';
import { app, mm } from '../support/service';

afterEach(mm.restore);

/** What would be an element of this class, if the page took it for HTML. */
const markup = (what: string): string => `<b class=evil onclick=alert(1)>${what}</b>`;

/** Ben, who writes markup wherever one can write, and the places where Ann sees it. */
async function written(ann: Person) {
  const ben = await person({ name: markup('Ben') });
  const cid = await person({ name: 'Cid' });
  await ben.ask('user.update', { body: { signature: markup('about me') } });
  const { conversationId } = await ben.call('message.send', { to: { userId: ann.id }, ...text(markup('a text')) });
  await ben.call('friend.ask', { userId: ann.id, greeting: markup('a greeting') });
  const send = (type: 'file' | 'location', content: Record<string, unknown>) =>
    ben.call('message.send', { conversationId, clientMsgId: randomUUID(), type, content });
  // What its own server has is looked into first.
  mm(app.config.im, 'foreignMedia', true);
  await send('file', { url: 'https://example.com/x.txt', size: 1, mime: 'text/plain', name: markup('a file') });
  await send('location', { latitude: 1, longitude: 2, name: markup('a place'), address: markup('an address') });
  const { id: groupId } = await ben.call('group.create', { name: markup('Group'), memberIds: [ann.id, cid.id] });
  await ben.call('group.update', { groupId, announcement: markup('an announcement') });
  await ben.call('member.update', { groupId, userId: ben.id, alias: markup('alias') });
  await ben.call('message.send', { conversationId: groupId, ...text(`@${markup('alias')}`), mentions: [cid.id] });
  admitAdmin();
  const title = markup('a title');
  await announce(notice({ to: { userIds: [ann.id] }, title, text: `${markup('news')} javascript:alert(1)` }));
  return { ben, conversationId, groupId };
}

async function assertShown(page: Page, path: string, ...what: string[]): Promise<void> {
  await page.goto(`/#${path}`);
  for (const each of what) await page.getByText(markup(each)).first().waitFor({ state: 'attached' });
  assert.equal(await page.locator('.evil, a[href^="javascript:"]').count(), 0, path);
}

describe('what people write on the page', () => {
  it('is never HTML: names, files, places, groups, announcements, greetings and notices', async () => {
    const ann = await person({ name: 'Ann' });
    const { ben, conversationId, groupId } = await written(ann);
    const page = await openPage(ann);
    await assertShown(page, '/', 'Ben', 'Group', 'a title');
    await assertShown(page, `/c/${conversationId}`, 'a text', 'a file', 'a place', 'an address');
    await assertShown(page, `/c/${groupId}`, 'an announcement', 'Group');
    await assertShown(page, `/g/${groupId}`, 'Group', 'an announcement');
    await assertShown(page, `/g/${groupId}/members`, 'alias');
    await assertShown(page, `/people/${ben.id}`, 'Ben', 'about me');
    await assertShown(page, '/people/requests', 'Ben', 'a greeting');
    await page.goto('/#/');
    await page.getByRole('link', { name: /Notices/ }).click();
    await page
      .getByRole('log')
      .getByText(`${markup('news')} javascript:alert(1)`)
      .waitFor();
    await page.getByRole('searchbox', { name: 'Search in everything' }).fill('class');
    await page
      .getByRole('heading', { name: /Messages in/ })
      .first()
      .waitFor();
    assert.equal(await page.locator('.evil, a[href^="javascript:"]').count(), 0);
  });
});
