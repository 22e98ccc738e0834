import { ERRORS, type ErrorCode } from '../schema/errors';
import { callNames, calls, eventOf, payloadOf, type Call, type CallName } from '../schema/calls';
import { serverEvents, type ServerEventName } from '../schema/events';
import { contents, serverContents } from '../schema/message';
import { entries, type EntryType } from '../schema/sync';
import { fieldsOf, sayingOf, shapeOf, typeOf } from './fields';
import { plain, type JsonSchema } from './json_schema';
import { slug, tableOf } from './markdown';
import { particularOf, sentenceOf } from './refusals';
import type { Described } from './settings';
import { plainTypes } from './types';

/** Parts of docs/protocol.md, each from the schema it describes. */

function section(heading: string, ...paragraphs: readonly string[]): string {
  return [`### ${heading}`, ...paragraphs.filter(Boolean)].join('\n\n');
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

export function serverEventSection(name: ServerEventName): string {
  const { about, payload } = serverEvents[name];
  return section(`Event \`${name}\``, sentence(about), fieldsOf(plain(payload)));
}

export function entrySection(type: EntryType): string {
  const { description = '', ...data } = plain(entries[type]);
  return section(`Entry \`${type}\``, sentence(capital(description)), fieldsOf(data));
}

const allContents = { ...contents, ...serverContents };

export const contentTypes = Object.keys(allContents) as (keyof typeof allContents)[];

export function contentSection(type: keyof typeof allContents): string {
  const schema = plain(allContents[type]);
  return section(
    `Content of \`${type}\``,
    type in serverContents ? 'Written by the server alone.' : '',
    schema.properties ? fieldsOf(schema) : sentence(capital(schema.description ?? '')),
  );
}

export function callTable(): string {
  const rows = callNames.map(name => {
    const { method, path, about }: Call = calls[name];
    const title = titleOf(name);
    return [`[\`${title}\`](#${slug(title)})`, method ? `\`${method.toUpperCase()} ${path}\`` : '', about];
  });
  return tableOf(['call', 'REST', 'about'], rows);
}

export function callSection(name: CallName): string {
  const { about, access, method, path, data, paged }: Call = calls[name];
  const refusals = particularOf(name);
  return section(
    `\`${titleOf(name)}\``,
    `${sentence(about)}${access === 'open' ? ' Open.' : ''}`,
    method && eventOf(name) ? `REST: \`${method.toUpperCase()} ${path}\`` : '',
    inputOf(name),
    answerOf(plain(data), paged),
    refusals.length === 0 ? '' : `Refused with ${listOf(refusals)}.`,
  );
}

/** The event, or the REST call that has none. */
export function titleOf(name: CallName): string {
  const { method, path }: Call = calls[name];
  return eventOf(name) ?? `${method?.toUpperCase()} ${path}`;
}

function inputOf(name: CallName): string {
  const call: Call = calls[name];
  const { params, query, body } = call;
  if (!params && !query && !body) return '';
  const byType = body?.discriminator ? 'Content by `type`: [messages](#messages).' : '';
  const fields = fieldsOf(plain(body?.discriminator ? body : payloadOf(call)), { query: query !== undefined });
  return [fields, byType].filter(Boolean).join('\n\n');
}

function answerOf(data: JsonSchema, paged = false): string {
  const type = data.properties && Object.keys(data.properties).length === 0 ? '`{}`' : typeOf(data);
  return `Answer: \`data\` is ${type}${paged ? ', with `nextCursor` when there is more' : ''}.`;
}

export function listOf(codes: readonly ErrorCode[]): string {
  return codes.map(code => `\`${code}\``).join(', ');
}

export function typeSection([name, schema]: [string, JsonSchema]): string {
  return section(name, fieldsOf(schema));
}

export function plainTypeTable(): string {
  const rows = [...plainTypes].map(([name, schema]) => [name, shapeOf(schema), sayingOf(schema)]);
  return tableOf(['type', 'JSON', 'about'], rows);
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

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function settingTable(settings: readonly Described[]): string {
  const rows = settings.map(({ name, value, about }) => [`\`${name}\``, value && `\`${value}\``, about]);
  return tableOf(['setting', 'default', 'about'], rows);
}
