import { callNames, calls, eventOf, payloadOf, type Call, type CallName } from '../schema/calls';
import { contents, serverContents, shownMedia } from '../schema/content';
import { ERRORS } from '../schema/errors';
import { serverEvents } from '../schema/events';
import { entries } from '../schema/sync';
import { choicesOf, components, nameOf, namesIn, plain, use, type JsonSchema } from './json_schema';
import { capital, sentence } from './markdown';
import { isAlone } from './types';

/*
 * The types and the table of calls of the client in client/, as TypeScript. What a server's operator calls with the admin token
 * is no part of it, nor what another call does as well.
 */

/** Where it is kept. */
export const CLIENT_TYPES = 'client/src/protocol.ts';

const HEADER = `// Written by \`npm run docs\` from app/schema. Edit that, not this.\n`;

const offered = callNames.filter(name => {
  const { access, upload }: Call = calls[name];
  return access !== 'admin' && !upload && name !== 'message.create';
});
const events = offered.filter(name => eventOf(name) !== undefined);
const shown = { ...contents, ...shownMedia, ...serverContents };
const nounOf = (name: CallName) => name.split('.')[0];
const verbOf = (name: CallName) => name.split('.')[1];

/** The types of the client, as TypeScript that nobody has formatted yet. */
export function clientTypes(): string {
  return [
    HEADER,
    alias('ErrorCode', 'stable, for programs', union(Object.keys(ERRORS))),
    ...definitions(),
    record('Contents', 'what a message of each type holds', Object.keys(shown), type =>
      typeOf(plain(shown[type as keyof typeof shown])),
    ),
    record('EntryData', 'what an entry of each type carries', Object.keys(entries), type =>
      typeOf(plain(entries[type as keyof typeof entries])),
    ),
    record('ServerEvents', 'what the server sends by itself', Object.keys(serverEvents), event =>
      typeOf(plain(serverEvents[event as keyof typeof serverEvents].payload)),
    ),
    record('Inputs', 'what each call is sent', offered, name => inputOf(calls[name as CallName])),
    record('Outputs', 'what each call answers', offered, name => typeOf(plain(calls[name as CallName].data))),
    api(),
    list('events', 'the calls that are events', events),
    list(
      'paged',
      'the calls that answer a page',
      offered.filter(name => (calls[name] as Call).paged),
    ),
    routes(),
  ].join('\n');
}

/** All that the rest refers to, each defined once. */
function definitions(): string[] {
  const schemas = [
    ...offered.flatMap(name => [payloadOf(calls[name]), calls[name].data]),
    ...Object.values(serverEvents).map(each => each.payload),
    ...Object.values(shown),
  ];
  const names = namesIn(schemas.map(schema => use(plain(schema))));
  return [...names].filter(isTypeName).sort().map(definition);
}

function definition(name: string): string {
  const schema = components.get(name)!;
  const { description, properties = {} } = schema;
  const hasFields = Object.keys(properties).length > 0;
  return hasFields
    ? `${comment(description)}export interface ${name} ${objectOf(schema)}\n`
    : alias(name, description, shapeOf(schema));
}

/** Not `byUser`, nor one of several with the same fields, which are shown in its place. */
const isTypeName = (name: string) => /^[A-Z]/.test(name) && isAlone(name);

function alias(name: string, about: string | undefined, type: string): string {
  return `${comment(about)}export type ${name} = ${type};\n`;
}

function record(name: string, about: string, keys: readonly string[], typeAt: (key: string) => string): string {
  const lines = keys.map(key => `  '${key}': ${indented(typeAt(key))};`);
  return `${comment(about)}export interface ${name} {\n${lines.join('\n')}\n}\n`;
}

function list(name: string, about: string, items: readonly string[]): string {
  return `${comment(about)}export const ${name} = [\n${items.map(each => `  '${each}',`).join('\n')}\n] as const;\n`;
}

/** The calls that are no events: what REST they are. */
function routes(): string {
  const lines = offered
    .filter(name => !events.includes(name))
    .map(name => {
      const { method = 'get', path }: Call = calls[name];
      return `  '${name}': ['${method.toUpperCase()}', '${path}'],`;
    });
  return `${comment('the calls that REST alone has')}export const routes = {\n${lines.join('\n')}\n} as const;\n`;
}

/** The calls as methods, by noun and verb. */
function api(): string {
  const nouns = [...new Set(offered.map(nounOf))];
  const blocks = nouns.map(noun => {
    const methods = offered.filter(name => nounOf(name) === noun).map(methodOf);
    return `  readonly ${noun}: {\n${methods.join('\n')}\n  };`;
  });
  return [
    comment('a page of a list; `nextCursor` is the `cursor` of the next, absent on the last'),
    'export interface Page<T> {\n  readonly items: T;\n  readonly nextCursor?: string;\n}\n\n',
    comment('every call of the protocol; each rejects with an ImError'),
    `export interface Api {\n${blocks.join('\n')}\n}\n`,
  ].join('');
}

function methodOf(name: CallName): string {
  const { about, data, paged }: Call = calls[name];
  const answer = typeOf(plain(data));
  const given = hasInput(calls[name]) ? `input${isOptional(calls[name]) ? '?' : ''}: Inputs['${name}']` : '';
  return `    /** ${sentence(about)} */\n    ${verbOf(name)}(${given}): Promise<${paged ? `Page<${answer}>` : answer}>;`;
}

const hasInput = ({ params, query, body }: Call) => Boolean(params ?? query ?? body);
const inputOf = (call: Call) => (hasInput(call) ? typeOf(plain(payloadOf(call))) : 'Empty');

/** Whether nothing has to be said to make a call. */
function isOptional(call: Call): boolean {
  const { required = [], anyOf } = plain(payloadOf(call));
  return !anyOf && required.length === 0;
}

function typeOf(schema: JsonSchema): string {
  const name = nameOf(schema) ?? '';
  return isTypeName(name) ? name : shapeOf(schema);
}

function shapeOf(schema: JsonSchema): string {
  const { anyOf, items, properties, type } = schema;
  const choices = choicesOf(schema);
  if (choices) return union(choices);
  if (schema.const !== undefined) return JSON.stringify(schema.const).replaceAll('"', "'");
  if (anyOf) return anyOf.map(typeOf).join(' | ');
  if (items) return items.anyOf ? `(${typeOf(items)})[]` : `${typeOf(items)}[]`;
  if (properties) return objectOf(schema);
  return { integer: 'number', object: 'Record<string, unknown>' }[type ?? ''] ?? type ?? 'unknown';
}

function objectOf({ properties = {}, required = [] }: JsonSchema): string {
  const fields = Object.entries(properties).map(([name, property]) => {
    const mark = required.includes(name) ? '' : '?';
    return indented(`\n${comment(property.description)}${name}${mark}: ${typeOf(property)};`);
  });
  return fields.length === 0 ? 'Record<string, never>' : `{${fields.join('')}\n}`;
}

const union = (choices: readonly string[]) => choices.map(each => `'${each}'`).join(' | ');
const indented = (text: string) => text.replaceAll('\n', '\n  ');

function comment(about: string | undefined): string {
  return about ? `/** ${capital(about)} */\n` : '';
}
