import { dialogOf, inSequence, row, search, seen, words, type Screen } from './screens';

/** Friends and others. */
export const peopleScreens: readonly Screen[] = [
  { name: 'new-chat', path: () => '/new', show: row },
  {
    name: 'new-chat-none',
    path: () => '/new',
    show: inSequence(
      search(() => 'qqqq'),
      words('people.noneText'),
    ),
  },
  { name: 'friends', path: () => '/people', show: row },
  { name: 'friends-none', who: 'newcomer', path: () => '/people', show: words('friends.none') },
  { name: 'requests', path: () => '/people/requests', show: row },
  { name: 'requests-none', who: 'newcomer', path: () => '/people/requests', show: words('friends.requestsNone') },
  { name: 'blocked', path: () => '/people/blocked', show: row },
  { name: 'blocked-none', who: 'newcomer', path: () => '/people/blocked', show: words('friends.blockedNone') },
  { name: 'add-friend', path: () => '/people/add', show: words('people.findText') },
  {
    name: 'add-friend-found',
    path: () => '/people/add',
    show: inSequence(
      search(({ cast }) => cast.story.stranger),
      row,
    ),
  },
  { name: 'friend', path: ({ friend }) => `/people/${friend.id}`, show: words('friends.remove') },
  {
    name: 'alias',
    path: ({ friend }) => `/people/${friend.id}`,
    show: inSequence(words('friends.alias'), async ({ page, say }) => {
      await page.getByRole('button', { name: say('friends.alias') }).click();
      await seen(page.getByRole('dialog'));
    }),
  },
  { name: 'stranger', path: ({ stranger }) => `/people/${stranger.id}`, show: words('friends.addThis') },
  { name: 'ask', path: ({ stranger }) => `/people/${stranger.id}`, show: dialogOf('friends.addThis') },
];

/** A group. */
export const groupScreens: readonly Screen[] = [
  {
    name: 'new-group',
    path: () => '/new/group',
    show: async ({ page }) => {
      for (const n of [0, 1, 2]) await page.getByRole('checkbox').nth(n).click();
    },
  },
  { name: 'group', path: ({ group }) => `/g/${group}`, show: words('group.dissolve') },
  { name: 'group-of-others', path: ({ quiet }) => `/g/${quiet}`, show: words('group.leave') },
  { name: 'announcement', path: ({ group }) => `/g/${group}`, show: dialogOf('group.announceChange') },
  { name: 'dissolve', path: ({ group }) => `/g/${group}`, show: dialogOf('group.dissolve') },
  { name: 'members', path: ({ group }) => `/g/${group}/members`, show: row },
  {
    name: 'member-menu',
    path: ({ group }) => `/g/${group}/members`,
    show: async ({ page }) => {
      await page.locator('.member button').first().click();
      await seen(page.getByRole('menu'));
    },
  },
  { name: 'add-members', path: ({ group }) => `/g/${group}/add`, show: ({ page }) => seen(page.getByRole('checkbox')) },
  { name: 'group-requests', path: ({ group }) => `/g/${group}/requests`, show: row },
  { name: 'bans', path: ({ group }) => `/g/${group}/bans`, show: row },
  { name: 'group-gone', path: () => '/g/1', show: words('group.gone') },
];
