import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Credentials } from './connection';
import { fieldsOf } from './fields';
import { plain } from './json_schema';
import { headingsOf, Places } from './links';
import { chapter, codes, paragraphs } from './markdown';
import { general } from './refusals';
import * as sections from './sections';
import { limits, settings } from './settings';
import { callsOf, entriesOf, serverEventsOf, subjects, typesOf, type Subject } from './subjects';
import { filled, type Parts } from './template';
import { plainTypes } from './types';

/** A document that is written from schemas and settings: a file below docs/, and a page of a running server. */
export interface Page {
  /** below docs/ */
  readonly path: string;
  /** of the server */
  readonly address: string;
  readonly title: string;
  readonly markdown: string;
}

/** The reference of the client package, below docs/. It is written from the package, which a running server does not have. */
export const CLIENT_PAGE = 'client.md';

const ORIGIN =
  '<!-- Written by `npm run docs` from app/documents, app/schema and config/settings.ts. Edit those, not this. -->';

const subjectPath = ({ name }: Subject) => `reference/${name}.md`;

/** What the pages have as `{{name}}`, beside the names of settings. */
const parts: Parts = {
  credentials: () => fieldsOf(plain(Credentials)),
  anyCall: () => codes(general.any),
  anyRestCall: () => codes(general.rest),
  anyCallWithBody: () => codes(general.body),
  anyTokenCall: () => codes(general.token),
  errors: sections.errorTable,
  limits: () => sections.settingTable(limits),
  settings: () => sections.settingTable(settings),
  subjects: () => listOfSubjects('- '),
  subjectList: () => listOfSubjects('  - '),
  callTables: () => paragraphs(...subjects.map(callTableOf)),
  entryTable: sections.entryTable,
  serverEventTable: sections.serverEventTable,
  sharedTypes: () => chapter('Objects', typesOf().map(sections.typeSection)),
  plainTypes: () => chapter('Values', [...plainTypes.keys()].map(sections.plainTypeSection)),
};

function listOfSubjects(indent: string): string {
  return subjects.map(each => `${indent}[${each.title}](/${subjectPath(each)}): ${each.about}`).join('\n');
}

function callTableOf(subject: Subject): string {
  return paragraphs(`### ${subject.title}`, sections.callTable(callsOf(subject)));
}

function partsOf(subject: Subject): Parts {
  return {
    ...parts,
    title: () => subject.title,
    calls: () => chapter('Calls', callsOf(subject).map(sections.callSection)),
    contents: () => paragraphs(...sections.contentTypes.map(sections.contentSection)),
    types: () => chapter('Types', typesOf(subject).map(sections.typeSection)),
    entries: () => chapter('Entries', entriesOf(subject).map(sections.entrySection)),
    serverEvents: () => chapter('Server events', serverEventsOf(subject).map(sections.serverEventSection)),
  };
}

const templates: readonly (readonly [string, Parts])[] = [
  ['protocol.md', parts],
  ['reference/README.md', parts],
  ...subjects.map((subject): [string, Parts] => [subjectPath(subject), partsOf(subject)]),
  ['reference/types.md', parts],
  ['configuration.md', parts],
];

/** Made as the service starts, or the documents are written. */
const drafts = new Map(templates.map(([path, values]) => [path, filled(path, values)]));

/** Where the things are that have a heading. */
export const places = new Places(drafts);

/** Those that are written from schemas and settings. */
export const writtenPages = [...drafts].map(([path, draft]) =>
  pageOf(path, `${ORIGIN}\n\n${places.linked(path, draft)}`),
);

/** All pages, in the order in which they are listed. */
export const pages: readonly Page[] = [
  ...writtenPages,
  pageOf(CLIENT_PAGE, readFileSync(join(__dirname, '../../docs', CLIENT_PAGE), 'utf8')),
];

function pageOf(path: string, markdown: string): Page {
  return { path, address: addressOf(path), title: headingsOf(markdown)[0], markdown };
}

/** The protocol is what a reader of /docs begins with. */
function addressOf(path: string): string {
  return `/docs/${path}`.replace(/(\/protocol|\/README)?\.md$/, '');
}
