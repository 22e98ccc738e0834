import { portrait } from './scenery';
import { dialogOf, inSequence, row, search, seen, words, type Screen, type Stage } from './screens';

const tab =
  (key: string) =>
  ({ page, say }: Stage): Promise<void> =>
    page.getByRole('tab', { name: say(key) }).click();
const chosenPicture = async ({ page }: Stage): Promise<void> => {
  const buffer = await portrait(['#f3c98b', '#f2cfb0', '#3b2a20']);
  await page.locator('main input[type=file]').setInputFiles({ name: 'me.jpg', mimeType: 'image/jpeg', buffer });
  await seen(page.getByRole('dialog'));
  await seen(page.getByRole('dialog').locator('button:enabled').last());
};

/** Search, and lists of messages. */
export const searchScreens: readonly Screen[] = [
  {
    name: 'search',
    path: () => '/',
    show: inSequence(
      search(({ cast }) => cast.story.searched[0]),
      ({ page }) => seen(page.locator('mark')),
    ),
  },
  {
    name: 'search-none',
    path: () => '/',
    show: inSequence(
      search(() => 'qqqq'),
      words('search.none'),
    ),
  },
  {
    name: 'find',
    path: ({ group, story }) => `/c/${group}/find?q=${encodeURIComponent(story.searched[1])}`,
    show: ({ page }) => seen(page.locator('mark')),
  },
  { name: 'find-none', path: ({ single }) => `/c/${single}/find?q=qqqq`, show: words('search.none') },
  { name: 'find-date', path: ({ single }) => `/c/${single}/find`, show: tab('search.date') },
  { name: 'pinned', path: ({ media }) => `/c/${media}/find`, show: inSequence(tab('search.pinned'), row) },
  { name: 'starred', path: ({ media }) => `/c/${media}/find`, show: inSequence(tab('search.starred'), row) },
  {
    name: 'pinned-none',
    path: ({ single }) => `/c/${single}/find`,
    show: inSequence(tab('search.pinned'), words('search.pinnedNone')),
  },
  { name: 'readers', path: ({ group }) => `/c/${group}/readers/6`, show: row },
];

/** What can be set. */
export const settingsScreens: readonly Screen[] = [
  { name: 'settings', path: () => '/settings', show: words('settings.logOut') },
  { name: 'profile', path: () => '/settings/profile', show: words('profile.noPicture') },
  { name: 'cropping', path: () => '/settings/profile', show: inSequence(words('profile.noPicture'), chosenPicture) },
  { name: 'privacy', path: () => '/settings/privacy', show: words('privacy.hide') },
  { name: 'notifications', path: () => '/settings/notifications', show: words('notify.sound') },
  { name: 'sessions', path: () => '/settings/sessions', show: words('sessions.current') },
  { name: 'security', path: () => '/settings/security', show: words('security.change') },
  { name: 'delete-account', path: () => '/settings/security', show: dialogOf('security.delete') },
];
