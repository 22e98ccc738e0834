import { callNames, calls, payloadOf, type CallName } from '../schema/calls';
import { serverEvents, type ServerEventName } from '../schema/events';
import { entries, type EntryType } from '../schema/sync';
import { namesIn, plain, use } from './json_schema';
import { answerTypes } from './types';

/** What is looked up together: a page of the reference each. */
export interface Subject {
  /** of its page: app/documents/reference/<name>.md is what is written by hand of it */
  readonly name: string;
  readonly title: string;
  readonly about: string;
  /** What its calls, entries and server events begin with. */
  readonly nouns: readonly string[];
  /** Types that are at home on its page although others use them. */
  readonly owns?: readonly string[];
}

/** In the order in which they are listed. */
export const subjects: readonly Subject[] = [
  {
    name: 'accounts',
    title: 'Accounts',
    about: 'registering, sessions, the own profile and that of others, finding users',
    nouns: ['auth', 'me', 'user', 'session'],
  },
  {
    name: 'contacts',
    title: 'Friends and blocks',
    about: 'friend requests, friends, blocked users',
    nouns: ['friend', 'block'],
  },
  {
    name: 'conversations',
    title: 'Conversations',
    about: 'the list, settings, reading, unread counts, clearing, typing',
    nouns: ['conversation'],
  },
  {
    name: 'messages',
    title: 'Messages',
    about: 'sending, history, what is in a message, edit, recall, delete, reactions, receipts, pins, stars, search',
    nouns: ['message'],
    owns: ['Message'],
  },
  {
    name: 'groups',
    title: 'Groups and members',
    about: 'making and changing groups, members, roles, mutes, requests and invitations',
    nouns: ['group', 'member'],
  },
  {
    name: 'presence',
    title: 'Presence',
    about: 'who is online',
    nouns: ['presence'],
  },
  {
    name: 'notices',
    title: 'Notices',
    about: 'system messages, to users or to all',
    nouns: ['notice'],
  },
  {
    name: 'media',
    title: 'Media',
    about: 'uploading and getting files',
    nouns: ['media', 'upload'],
  },
  {
    name: 'sync',
    title: 'Stream and connection',
    about: 'pulling and acknowledging entries; what the server sends by itself; limits',
    nouns: ['sync', 'request', 'connection', 'limits'],
  },
];

/** The subject of `message.send`, `message.new` or `message:send`. Throws for a noun that is nobody's. */
function subjectOf(name: string): Subject {
  const [noun] = name.split(/[.:]/);
  const subject = subjects.find(each => each.nouns.includes(noun));
  if (!subject) throw new Error(`app/documents/subjects.ts: ${name} has no page`);
  return subject;
}

export function callsOf(subject: Subject): CallName[] {
  return callNames.filter(name => subjectOf(name) === subject);
}

export function entriesOf(subject: Subject): EntryType[] {
  return (Object.keys(entries) as EntryType[]).filter(type => subjectOf(type) === subject);
}

export function serverEventsOf(subject: Subject): ServerEventName[] {
  return (Object.keys(serverEvents) as ServerEventName[]).filter(event => subjectOf(event) === subject);
}

/** The objects that a subject names, directly or through one another. What an entry carries is of the entry's subject. */
function namedBy(subject: Subject): Set<string> {
  const schemas = [
    ...callsOf(subject).flatMap(name => [calls[name].data, payloadOf(calls[name])]),
    ...entriesOf(subject).map(type => entries[type]),
    ...serverEventsOf(subject).map(event => serverEvents[event].payload),
  ];
  return namesIn(
    schemas.map(schema => use(plain(schema))),
    { opaque: 'Entry' },
  );
}

const named = new Map(subjects.map(subject => [subject, namedBy(subject)]));

/** Whose page describes a type: that of the only subject that names it, or of its owner; undefined when it is shared. */
function homeOf(type: string): Subject | undefined {
  // Every call may answer it.
  if (type === 'Failure') return undefined;
  const users = subjects.filter(subject => named.get(subject)?.has(type));
  return users.length === 1 ? users[0] : subjects.find(({ owns }) => owns?.includes(type));
}

/** The objects described on a subject's page; without a subject those that several share. */
export function typesOf(subject?: Subject): string[] {
  return [...answerTypes.keys()].filter(type => homeOf(type) === subject);
}
