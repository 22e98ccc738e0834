import type { IconName } from '../design/icons';

/** The screens of the settings, by the names of their routes. */
export const screens = [
  { name: 'profile', icon: 'person' },
  { name: 'privacy', icon: 'lock' },
  { name: 'notifications', icon: 'bell' },
  { name: 'sessions', icon: 'device' },
  { name: 'security', icon: 'key' },
] as const satisfies readonly { name: string; icon: IconName }[];
