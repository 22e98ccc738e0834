import { ERRORS, type ErrorCode } from '../schema/errors';
import { callNames, calls, type Call } from '../schema/calls';
import { serverEvents, type ServerEventName } from '../schema/events';
import { entries, type EntryType } from '../schema/sync';
import { sayingOf } from './fields';
import { headingsOf } from './links';
import { capital, slug } from './markdown';
import { CLIENT_PAGE, pages, places } from './pages';
import { sentenceOf } from './refusals';
import { contentTypes, headings, titleOf } from './sections';
import { settings } from './settings';
import { subjects } from './subjects';
import { answerTypes, plainTypes } from './types';

/** Something that can be looked up. */
export interface SearchEntry {
  readonly kind: string;
  readonly name: string;
  readonly about: string;
  /** the address of its place */
  readonly at: string;
  /** found by this too */
  readonly also?: string;
}

/** All that the search box knows, what is alike beside one another. */
export function searchIndex(): SearchEntry[] {
  return [
    ...callEntries(),
    ...Object.entries(serverEvents).map(([event, { about }]) =>
      entryOf('event', event, about, headings.serverEvent(event as ServerEventName)),
    ),
    ...Object.entries(entries).map(([type, { description = '' }]) =>
      entryOf('entry', type, capital(description), headings.entry(type as EntryType)),
    ),
    ...[...answerTypes.keys()].map(name => entryOf('type', name, '', headings.type(name))),
    ...[...plainTypes].map(([name, schema]) => entryOf('type', name, capital(sayingOf(schema)), headings.type(name))),
    ...contentTypes.map(type =>
      entryOf('content', type, `Content of a message of type ${type}`, headings.content(type)),
    ),
    ...Object.keys(ERRORS).map(code => rowOf('error', code, sentenceOf(code as ErrorCode), 'protocol.md')),
    ...settings.map(({ name, about }) => rowOf('setting', name, capital(about), 'configuration.md')),
    ...clientEntries(),
    ...chapters(),
  ].map(each => ({ ...each, about: each.about.replaceAll('`', '') }));
}

function callEntries(): SearchEntry[] {
  return callNames.map(name => {
    const { about, method, path }: Call = calls[name];
    const also = method && `${method.toUpperCase()} ${path}`;
    return { ...entryOf('call', titleOf(name), about, headings.call(name)), ...(also && { also }) };
  });
}

function entryOf(kind: string, name: string, about: string, heading: string): SearchEntry {
  return { kind, name, about, at: addressOf(places.pageOf(slug(heading)), heading) };
}

function rowOf(kind: string, name: string, about: string, path: string): SearchEntry {
  return { kind, name, about, at: addressOf(path, name) };
}

/** What the client package exports, and what its classes can do. */
function clientEntries(): SearchEntry[] {
  const { markdown } = pages.find(({ path }) => path === CLIENT_PAGE)!;
  return headingsOf(markdown)
    .filter(heading => heading.includes('`'))
    .map(heading => ({
      kind: 'client',
      name: heading.replace(/^\w+ |`/g, ''),
      about: '',
      at: addressOf(CLIENT_PAGE, heading),
    }));
}

/** Pages, and what the protocol tells in chapters. */
function chapters(): SearchEntry[] {
  const abouts = new Map(subjects.map(({ title, about }) => [title, capital(about)]));
  const [protocol] = pages;
  const [, ...below] = headingsOf(protocol.markdown);
  return [
    ...pages.map(({ title, address }) => ({ kind: 'page', name: title, about: abouts.get(title) ?? '', at: address })),
    ...below.map(heading => ({ kind: 'chapter', name: heading, about: '', at: addressOf(protocol.path, heading) })),
  ];
}

function addressOf(path: string, heading: string): string {
  return `${pages.find(page => page.path === path)!.address}#${slug(heading)}`;
}
