import type { Text } from '../text';

export const settings = {
  'settings.title': 'Settings',
  'settings.language': 'Language',
  'settings.theme': 'Appearance',
  'settings.theme.system': 'As the system',
  'settings.theme.light': 'Light',
  'settings.theme.dark': 'Dark',
  'settings.logOut': 'Log out',
  'settings.accounts': 'Accounts in this browser',
  'settings.addAccount': 'Log in as somebody else',
} as const satisfies Record<string, Text>;
