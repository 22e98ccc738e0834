import type { Text } from '../text';

export const common = {
  close: 'Close',
  cancel: 'Cancel',
  back: 'Back',
  more: 'More',
  loading: 'Loading …',
  tryAgain: 'Try again',
  deletedUser: 'Deleted user',
  unknownUser: 'Somebody',
  'error.noAnswer': 'The server does not answer. Check your connection.',
  'error.loggedOut': 'You are logged out.',
  'embed.closed': 'The chat is not available at the moment',
  'connection.connecting': 'Connecting …',
  'connection.offline': 'No connection. What you write is sent as soon as there is one.',
  'connection.updating': 'Updating …',
  'connection.now': 'Connect now',
  'connection.refused': 'The server has ended the connection: {reason}',
} as const satisfies Record<string, Text>;
