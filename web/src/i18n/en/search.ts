import type { Text } from '../text';

export const search = {
  'search.label': 'Search in everything',
  'search.title': 'Search in this chat',
  'search.none': 'Nothing found',
  'search.more': 'Show more',
  'search.in': 'Messages in {name}',
  'search.all': { one: '{count} message', other: 'All {count} messages' },
  'search.words': 'Words',
  'search.date': 'Date',
  'search.pinned': 'Pinned',
  'search.starred': 'Starred',
  'search.pinnedNone': 'Nothing is pinned',
  'search.starredNone': 'Nothing is starred',
  'search.from': 'Messages from this day on',
  'search.go': 'Go there',
  'search.noneSince': 'There are no messages since then.',
  'search.readers': 'Read by',
  'search.readBy': 'Read by {count}',
  'search.unreadBy': 'Not read yet by {count}',
} as const satisfies Record<string, Text>;
