import { ERRORS, type ErrorCode } from '../../lib/errors';
import { clientEvents, serverEvents, type ClientEvent, type ClientEventName, type ServerEventName } from '../events';
import { contents, type MessageType } from '../message';
import { rest, type Call, type CallName } from '../rest';
import { entries, type EntryType } from '../sync';
import { plain, type JsonSchema } from './json_schema';
import { fieldsOf, plainTypes, sayingOf, shapeOf, slug, tableOf, typeOf } from './markdown';
import { particularOfCall, particularOfEvent, sentenceOf } from './refusals';
import type { Described } from './settings';

/** Parts of docs/protocol.md, each from the schema it describes. */

function section(heading: string, ...paragraphs: readonly string[]): string {
  return [`### ${heading}`, ...paragraphs.filter(Boolean)].join('\n\n');
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

export function clientEventSection(name: ClientEventName): string {
  const { about, payload, data }: ClientEvent = clientEvents[name];
  return section(
    `Event \`${name}\``,
    sentence(about),
    payloadOf('Payload', plain(payload)),
    answerOf(plain(data)),
    refusedWith(particularOfEvent(name)),
  );
}

export function serverEventSection(name: ServerEventName): string {
  const { about, payload } = serverEvents[name];
  return section(`Event \`${name}\``, sentence(about), fieldsOf(plain(payload)));
}

export function entrySection(type: EntryType): string {
  const { description = '', ...data } = plain(entries[type]);
  return section(`Entry \`${type}\``, sentence(capital(description)), fieldsOf(data));
}

export function contentSection(type: MessageType): string {
  const schema = plain(contents[type]);
  return section(
    `Content of \`${type}\``,
    schema.properties ? fieldsOf(schema) : sentence(capital(schema.description ?? '')),
  );
}

export function callTable(): string {
  const rows = Object.values(rest).map((call: Call) => [
    `[\`${titleOf(call)}\`](#${slug(titleOf(call))})`,
    call.open ? 'open' : '',
    call.about,
  ]);
  return tableOf(['call', '', 'about'], rows);
}

export function callSection(name: CallName): string {
  const call: Call = rest[name];
  const { about, open, params, query, body, data, paged } = call;
  return section(
    `\`${titleOf(call)}\``,
    `${sentence(about)}${open ? ' Open.' : ''}`,
    params ? pathOf(plain(params)) : '',
    query ? `Query:\n\n${fieldsOf(plain(query), { query: true })}` : '',
    body ? payloadOf('Body', plain(body)) : '',
    answerOf(plain(data), paged),
    refusedWith(particularOfCall(name)),
  );
}

function titleOf({ method, path }: Call): string {
  return `${method.toUpperCase()} ${path}`;
}

function pathOf({ properties = {} }: JsonSchema): string {
  const names = Object.entries(properties).map(([name, schema]) => `\`${name}\` is ${typeOf(schema)}`);
  return `In the path ${names.join(', ')}.`;
}

function payloadOf(title: string, schema: JsonSchema): string {
  const byType = schema.discriminator ? '\n\nContent by `type`: [messages](#messages).' : '';
  return `${title}:\n\n${fieldsOf(schema)}${byType}`;
}

function answerOf(data: JsonSchema, paged = false): string {
  const type = data.properties && Object.keys(data.properties).length === 0 ? '`{}`' : typeOf(data);
  return `Answer: \`data\` is ${type}${paged ? ', with `nextCursor` when there is more' : ''}.`;
}

function refusedWith(codes: readonly ErrorCode[]): string {
  return codes.length === 0 ? '' : `Refused with ${listOf(codes)}.`;
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
