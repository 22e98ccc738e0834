import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { admitAdmin, announce, notice } from '../support/notice';
import { assertAccessible, openContext, openPage, openTab, PHONE } from '../support/page';
import { people, person, text } from '../support/person';
import { plain } from '../support/samples';
import { mm } from '../support/service';

afterEach(mm.restore);

/** A browser's notifications, to be looked at, and a page that can be put into the background. */
const WATCHED = `
  window.shown = [];
  window.Notification = class {
    static permission = 'default';
    static requestPermission = async () => (Notification.permission = 'granted');
    constructor(title, { body }) { Object.assign(this, { title, body }); window.shown.push(this); }
    close() {}
  };
  window.tones = 0;
  window.OscillatorNode = class extends OscillatorNode {
    start(at) { window.tones++; super.start(at); }
  };
  Object.defineProperty(document, 'visibilityState', { get: () => (window.away ? 'hidden' : 'visible') });`;

const shownOn = (page: Page) => page.evaluate<string[]>('shown.map(({ title, body }) => title + ": " + body)');

describe('the settings of the page', () => {
  it('change the profile, with a picture that is cut to a square', async () => {
    const ann = await person();
    const page = await openPage(ann, { ...PHONE, path: '/settings' });
    await assertAccessible(page);
    await page.getByRole('link', { name: 'Profile' }).click();
    await page.getByLabel('Your name').fill('Ann 安');
    await page.getByLabel('About me').fill('Hello there');
    await page.getByRole('radio', { name: 'Female' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    await assertAccessible(page);
    const buffer = await plain(300, 120).png().toBuffer();
    await page.locator('input[type=file]').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer });
    await page.getByRole('slider', { name: 'Closer' }).fill('2');
    await page.getByRole('dialog').getByRole('img').press('ArrowLeft');
    await assertAccessible(page);
    await page.getByRole('button', { name: 'Use it' }).click();
    // The server decodes it first.
    await page.getByRole('button', { name: 'Remove the picture' }).waitFor({ timeout: 45_000 });
    const { name, signature, gender, avatar } = await ann.ask('user.me');
    assert.deepEqual({ name, signature, gender }, { name: 'Ann 安', signature: 'Hello there', gender: 'female' });
    assert.match(avatar ?? '', /^\/media\//);
    const size = await page.evaluate(`(async () => {
      const image = document.querySelector('.picture img');
      await image.decode();
      return [image.naturalWidth, image.naturalHeight];
    })()`);
    assert.deepEqual(size, [512, 512]);
    await page.getByRole('button', { name: 'Remove the picture' }).click();
    await page.getByRole('button', { name: 'Remove the picture' }).waitFor({ state: 'detached' });
  });

  it('say who may do what', async () => {
    const ann = await person();
    const page = await openPage(ann, { path: '/settings/privacy', theme: 'dark' });
    await page.getByRole('radiogroup', { name: 'Who may write to you' }).getByText('Friends').click();
    await page.getByRole('switch', { name: 'Hide that I am online' }).click();
    await page.locator('[role=switch][data-state=checked]').waitFor();
    await page.locator('[aria-label="Who may write to you"] [data-state=checked]').getByText('Friends').waitFor();
    await assertAccessible(page);
    const me = await ann.ask('user.me');
    assert.deepEqual([me.privacy.messages, me.hidePresence], ['friends', true]);
  });

  it('end the session of another device, change the password, and delete the account', async () => {
    const ann = await person();
    const other = await openPage(ann);
    const page = await openPage(ann, { path: '/settings/sessions' });
    await page.getByText('This device').waitFor();
    await assertAccessible(page);
    const buttons = page.getByRole('main').getByRole('button', { name: 'Log out' });
    await buttons.nth(1).waitFor();
    for (const left of [1, 0]) {
      await buttons.first().click();
      await page.getByRole('dialog').getByRole('button', { name: 'Log out' }).click();
      await buttons.nth(left).waitFor({ state: 'detached' });
    }
    await other.getByText('This session was ended for safety.').waitFor();

    await page.getByRole('link', { name: 'Password and account' }).click();
    await page.getByLabel('Present password').fill('not that');
    await page.getByLabel('New password').fill('another good one');
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByRole('alert').waitFor();
    await assertAccessible(page);
    await page.getByLabel('Present password').fill(ann.credentials.password);
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByText('The password is changed.').waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Delete account' }).click();
    await page.getByRole('dialog').getByLabel('Password').fill('another good one');
    await assertAccessible(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Delete account' }).click();
    await page.getByText('This account was deleted.').waitFor();
  });

  it('choose a language and a theme, which stay', async () => {
    const page = await openPage(await person(), { path: '/settings' });
    await page.getByRole('radio', { name: '中文' }).click();
    await page.getByRole('radio', { name: '深色' }).click();
    await assertAccessible(page);
    await page.reload();
    await page.getByRole('heading', { name: '设置' }).first().waitFor();
    assert.equal(await page.getAttribute('html', 'data-theme'), 'dark');
    await page.getByRole('radio', { name: '跟随系统' }).first().click();
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
  });

  it('show messages of chats that are not muted while the page is away; a click leads there', async () => {
    const [ann, ben, cat] = await people(3);
    const { conversationId } = await cat.call('message.send', { to: { userId: ann.id }, ...text('muted') });
    await ann.call('conversation.update', { conversationId, notify: 'none' });
    const context = await openContext();
    await context.addInitScript(WATCHED);
    const page = await openTab(context, ann, { path: '/settings/notifications' });
    await page.getByRole('switch', { name: 'Show new messages' }).click();
    await page.locator('[role=switch][data-state=checked]').first().waitFor();
    await assertAccessible(page);
    await ben.call('message.send', { to: { userId: ann.id }, ...text('seen') });
    await page.getByRole('link', { name: 'Chats 1' }).waitFor();
    await page.evaluate('window.away = true');
    await cat.call('message.send', { conversationId, ...text('muted again') });
    await ben.call('message.send', { to: { userId: ann.id }, ...text('unseen') });
    await page.getByRole('link', { name: 'Chats 2' }).waitFor();
    assert.deepEqual(await shownOn(page), ['Pat 1: unseen']);
    assert.equal(await page.evaluate('tones'), 1);
    await page.evaluate('shown[0].onclick()');
    await page.getByRole('log').getByText('unseen').waitFor();
  });

  it('lead to two accounts side by side', async () => {
    const [ann, ben] = await people(2);
    const page = await openPage(ann, { path: '/settings' });
    await page.getByText('Pat 0', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Log in as somebody else' }).click();
    await page.getByLabel('Account').fill(ben.credentials.account);
    await page.getByLabel('Password').fill(ben.credentials.password);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByText('Pat 1', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Pat 0' }).click();
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByText(ann.credentials.account).waitFor();
  });
});

describe('notices on the page', () => {
  it('have a title, a text, a link and a red dot; those that are over are not shown', async () => {
    admitAdmin();
    const ann = await person();
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    const over = notice({ to: { userIds: [ann.id] }, title: 'Long over', expiresAt: soon });
    const now = notice({ to: { userIds: [ann.id] }, title: '系统维护', link: 'https://example.com/news' });
    await announce(over);
    await announce(now);
    const context = await openContext();
    await context.clock.setFixedTime(Date.now() + 7_200_000);
    const page = await openTab(context, ann);
    await page
      .getByRole('navigation')
      .getByRole('link', { name: /Chats \d/ })
      .waitFor();
    await page.getByRole('link', { name: /Notices.*系统维护.*unread/ }).click();
    await page.getByText('Tonight from two to three.').waitFor();
    const link = page.getByRole('link', { name: 'https://example.com/news' });
    assert.equal(await link.getAttribute('href'), 'https://example.com/news');
    assert.equal(await page.getByText('Long over').count(), 0);
    await page.getByText('Notices can not be answered.').waitFor();
    await assertAccessible(page);
  });
});
