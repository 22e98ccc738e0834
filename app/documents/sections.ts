import { ERRORS, type ErrorCode } from '../schema/errors';
import { calls, eventOf, payloadOf, type Call, type CallName } from '../schema/calls';
import { serverEvents, type ServerEventName } from '../schema/events';
import {
  contents,
  foreignMedia,
  isMediaType,
  sentMedia,
  serverContents,
  shownMedia,
  type MediaType,
} from '../schema/content';
import { entries, type EntryType } from '../schema/sync';
import { fieldsOf, sayingOf, shapeOf, typeHeading, typeOf } from './fields';
import { choicesOf, plain, type JsonSchema } from './json_schema';
import { capital, codes, paragraphs, section, sentence, slug, tableOf } from './markdown';
import { particularOf, sentenceOf } from './refusals';
import type { Described } from './settings';
import { answerTypes, plainTypes } from './types';
import { who } from './who';

/** Parts of the pages, each from the schema it describes. */

/** The event, or the REST call that has none. */
export function titleOf(name: CallName): string {
  const { method, path }: Call = calls[name];
  return eventOf(name) ?? `${method?.toUpperCase()} ${path}`;
}

export const headings = {
  call: (name: CallName) => `\`${titleOf(name)}\``,
  entry: (type: EntryType) => `Entry \`${type}\``,
  serverEvent: (event: ServerEventName) => `Event \`${event}\``,
  content: (type: ContentType) => `Content of \`${type}\``,
  type: typeHeading,
};

export function callSection(name: CallName): string {
  const { about, data, paged }: Call = calls[name];
  return section(
    headings.call(name),
    sentence(about),
    formsOf(name),
    inputOf(name),
    answerOf(plain(data), paged),
    refusalsOf(name),
  );
}

function formsOf(name: CallName): string {
  const { method, path }: Call = calls[name];
  const event = eventOf(name);
  return [
    `- **Event** ${event ? `\`${event}\`` : 'none'}`,
    `- **REST** ${method ? `\`${method.toUpperCase()} /api/v1${path}\`` : 'none'}`,
    `- **Who may** ${who[name]}`,
  ].join('\n');
}

function inputOf(name: CallName): string {
  const call: Call = calls[name];
  const { params, query, body, upload } = call;
  if (upload) return 'Input: a form with one file, field `file`.';
  if (!params && !query && !body) return 'No input.';
  const byType = body?.discriminator ? '`content` by `type`: see [contents](#contents).' : '';
  const fields = fieldsOf(plain(body?.discriminator ? body : payloadOf(call)));
  return paragraphs(fields, byType);
}

function answerOf(data: JsonSchema, paged = false): string {
  return `Answer: ${typeOf(data)}${paged ? ', with `nextCursor` when there is more' : ''}.`;
}

function refusalsOf(name: CallName): string {
  const particular = particularOf(name);
  return particular.length === 0 ? '' : `Refused with ${codes(particular)}.`;
}

export function serverEventSection(event: ServerEventName): string {
  const { about, payload } = serverEvents[event];
  return section(headings.serverEvent(event), sentence(about), fieldsOf(plain(payload)));
}

export function entrySection(type: EntryType): string {
  const { description = '', ...data } = plain(entries[type]);
  return section(headings.entry(type), sentence(description), fieldsOf(data));
}

const allContents = { ...contents, ...serverContents };
type ContentType = keyof typeof allContents;

export const contentTypes = Object.keys(allContents) as ContentType[];

export function contentSection(type: ContentType): string {
  const schema = plain(allContents[type]);
  return section(
    headings.content(type),
    type in serverContents ? 'Written by the server alone.' : '',
    isMediaType(type) ? mediaFields(type) : '',
    schema.properties ? fieldsOf(schema) : sentence(schema.description ?? ''),
  );
}

function mediaFields(type: MediaType): string {
  return paragraphs(
    'As it is sent:',
    fieldsOf(plain(sentMedia[type])),
    'As it is given:',
    fieldsOf(plain(shownMedia[type])),
    `Where \`IM_FOREIGN_MEDIA\` is \`on\`, a file at another host is sent as ${typeOf(plain(foreignMedia[type]))}, and given so.`,
  );
}

export function typeSection(name: string): string {
  return section(headings.type(name), fieldsOf(answerTypes.get(name)!));
}

export function plainTypeSection(name: string): string {
  const schema = plainTypes.get(name)!;
  const shape = choicesOf(schema) ? `One of ${shapeOf(schema)}` : capital(shapeOf(schema));
  return section(headings.type(name), `${[shape, sayingOf(schema)].filter(Boolean).join('; ')}.`);
}

/** Calls with links to their sections. */
export function callTable(names: readonly CallName[]): string {
  const rows = names.map(name => {
    const { method, path, about }: Call = calls[name];
    return [linkTo(headings.call(name)), method && eventOf(name) ? `\`${method.toUpperCase()} ${path}\`` : '', about];
  });
  return tableOf(['call', 'REST', 'about'], rows);
}

export function entryTable(): string {
  const rows = (Object.keys(entries) as EntryType[]).map(type => {
    return [linkTo(headings.entry(type), type), capital(entries[type].description ?? '')];
  });
  return tableOf(['entry', 'about'], rows);
}

export function serverEventTable(): string {
  const rows = (Object.keys(serverEvents) as ServerEventName[]).map(event => {
    return [linkTo(headings.serverEvent(event), event), serverEvents[event].about];
  });
  return tableOf(['server event', 'about'], rows);
}

function linkTo(heading: string, name = heading.replaceAll('`', '')): string {
  return `[\`${name}\`](#${slug(heading)})`;
}

export function errorTable(): string {
  const rows = Object.entries(ERRORS).map(([code, { status, retryable }]) => [
    `\`${code}\``,
    String(status),
    retryable ? 'yes' : 'no',
    sentenceOf(code as ErrorCode),
  ]);
  return tableOf(['code', 'HTTP status', 'retryable', 'sentence'], rows);
}

export function settingTable(settings: readonly Described[]): string {
  const rows = settings.map(({ name, value, about }) => [`\`${name}\``, value && `\`${value}\``, about]);
  return tableOf(['setting', 'default', 'about'], rows);
}
