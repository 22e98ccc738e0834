import { button, composer, dialogOf, inSequence, messages, seen, words, type Screen, type Stage } from './screens';
import { scenery } from './scenery';

const openMenu = async ({ page }: Stage): Promise<void> => {
  await page.locator('.bubble.text').last().click({ button: 'right' });
  await seen(page.getByRole('menu'));
};

const chosen =
  (key: string) =>
  ({ page, say }: Stage): Promise<void> =>
    page.getByRole('menuitem', { name: say(key), exact: true }).click();

const typed =
  (text: string) =>
  (stage: Stage): Promise<void> =>
    composer(stage).pressSequentially(text);

const chosenFiles = async ({ page, cast }: Stage): Promise<void> => {
  const image = { mimeType: 'image/jpeg', buffer: await scenery('evening') };
  await page
    .locator('input[type=file]')
    .nth(0)
    .setInputFiles([
      { name: 'IMG_2041.jpg', ...image },
      { name: cast.story.file, mimeType: 'application/pdf', buffer: Buffer.alloc(300_000) },
      { name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) },
    ]);
  await seen(page.getByRole('dialog').locator('img'));
};

/** The list, conversations, and what is written. */
export const chatScreens: readonly Screen[] = [
  { name: 'login', who: 'nobody', path: () => '/', show: words('session.noAccount') },
  {
    name: 'login-refused',
    who: 'nobody',
    path: () => '/',
    async show(stage) {
      await stage.page.getByLabel(stage.say('session.account')).fill('nobody');
      await stage.page.getByLabel(stage.say('session.password')).fill('not the password');
      await stage.page.keyboard.press('Enter');
      await seen(stage.page.getByRole('alert'));
    },
  },
  {
    name: 'register',
    who: 'nobody',
    path: () => '/',
    async show(stage) {
      await button(stage, 'session.create').click();
      await button(stage, 'session.register').click();
      await seen(stage.page.getByText(stage.say('session.missing')));
    },
  },
  { name: 'empty', who: 'newcomer', path: () => '/', show: words('chats.empty') },
  { name: 'list', path: () => '/', show: ({ page, cast }) => seen(page.getByText(cast.story.group)) },
  {
    name: 'list-menu',
    path: () => '/',
    async show({ page, cast }) {
      await page.getByRole('link', { name: cast.story.group }).first().click({ button: 'right' });
      await seen(page.getByRole('menu'));
    },
  },
  { name: 'group-chat', path: ({ group }) => `/c/${group}`, show: messages },
  { name: 'single-chat', path: ({ single }) => `/c/${single}`, show: messages },
  { name: 'media-chat', path: ({ media }) => `/c/${media}`, show: messages },
  {
    name: 'media-chat-above',
    path: ({ media }) => `/c/${media}?at=2`,
    show: inSequence(messages, ({ page }) => seen(page.locator('.loaded img'))),
  },
  { name: 'quiet-chat', path: ({ quiet }) => `/c/${quiet}`, show: words('messages.muteAll') },
  { name: 'notices', path: ({ notices }) => `/c/${notices}`, show: words('messages.noReply') },
  { name: 'gone-chat', path: () => '/c/1', show: words('chats.gone') },
  { name: 'new-person-chat', path: ({ stranger }) => `/u/${stranger.id}`, show: words('messages.none') },
  {
    name: 'message-menu',
    path: ({ single }) => `/c/${single}`,
    show: inSequence(messages, openMenu),
  },
  {
    name: 'reactions',
    path: ({ single }) => `/c/${single}`,
    async show(stage) {
      await messages(stage);
      await openMenu(stage);
      await stage.page.getByRole('menuitem', { name: stage.say('messages.moreReactions') }).click();
      await seen(stage.page.getByRole('dialog').getByText('😀'));
    },
  },
  {
    name: 'reply',
    path: ({ single }) => `/c/${single}`,
    async show(stage) {
      await messages(stage);
      await openMenu(stage);
      await stage.page.getByRole('menuitem', { name: stage.say('messages.reply'), exact: true }).click();
      await composer(stage).fill(stage.cast.story.single[1][1]);
    },
  },
  {
    name: 'forward',
    path: ({ single }) => `/c/${single}`,
    show: inSequence(messages, openMenu, chosen('messages.forward'), ({ page }) => seen(page.getByRole('dialog'))),
  },
  {
    name: 'selecting',
    path: ({ single }) => `/c/${single}`,
    show: inSequence(messages, openMenu, chosen('messages.select'), ({ page }) => seen(page.getByRole('toolbar'))),
  },
  {
    name: 'delete-message',
    path: ({ group }) => `/c/${group}`,
    async show(stage) {
      await messages(stage);
      await openMenu(stage);
      await stage.page.getByRole('menuitem', { name: stage.say('messages.deleteForMe') }).click();
      await seen(stage.page.getByRole('dialog'));
    },
  },
  {
    name: 'chat-menu',
    path: ({ group }) => `/c/${group}`,
    show: inSequence(messages, stage => button(stage, 'more').click()),
  },
  {
    name: 'emoji',
    path: ({ single }) => `/c/${single}`,
    show: inSequence(messages, dialogOf('messages.emoji'), ({ page }) =>
      seen(page.getByRole('dialog').getByText('😀')),
    ),
  },
  {
    name: 'mention',
    path: ({ group }) => `/c/${group}`,
    show: inSequence(
      messages,
      stage => composer(stage).fill(''),
      typed('@'),
      ({ page }) => seen(page.getByRole('option')),
    ),
  },
  {
    name: 'attach',
    path: ({ single }) => `/c/${single}`,
    show: inSequence(messages, stage => button(stage, 'attach.label').click()),
  },
  { name: 'sending-files', path: ({ single }) => `/c/${single}`, show: inSequence(messages, chosenFiles) },
  {
    name: 'voice',
    path: ({ single }) => `/c/${single}`,
    show: inSequence(
      messages,
      stage => composer(stage).fill(''),
      stage => button(stage, 'voice.record').click(),
      ({ page }) => seen(page.getByRole('timer').getByText('0:02')),
    ),
  },
  {
    name: 'failed-message',
    path: ({ cross }) => `/u/${cross.id}`,
    show: inSequence(
      typed('Hello?'),
      ({ page }) => page.keyboard.press('Enter'),
      ({ page }) => seen(page.locator('.bubble')),
      stage => seen(button(stage, 'messages.retry')),
    ),
  },
  {
    name: 'viewer',
    path: ({ media }) => `/c/${media}?at=2`,
    async show({ page, say }) {
      await page
        .getByRole('button', { name: say('media.open') })
        .first()
        .click();
      await seen(page.getByRole('dialog').getByRole('img'));
    },
  },
  {
    name: 'merged',
    path: ({ media }) => `/c/${media}`,
    show: inSequence(messages, async ({ page }) => {
      await page.locator('.bubble.merged button').click();
      await seen(page.getByRole('dialog').locator('.loaded img'));
    }),
  },
];
