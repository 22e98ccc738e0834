import type { TSchema } from '@sinclair/typebox';
import { Kind } from '@sinclair/typebox';
import { callNames, calls } from '../schema/calls';
import * as common from '../schema/common';
import * as message from '../schema/message';
import { entries } from '../schema/sync';
import * as user from '../schema/user';
import { choicesOf, components, definitionsFor, nameOf, plain, use, type JsonSchema } from './json_schema';

/** Exported schemas of single values, by name: described once, referred to by name. */
export const plainTypes: ReadonlyMap<string, JsonSchema> = new Map(
  [common, user, message]
    .flatMap(module => Object.entries<unknown>(module))
    .filter((entry): entry is [string, TSchema] => isSchema(entry[1]))
    .map(([name, schema]): [string, JsonSchema] => [name, plain(schema)])
    .filter(([name, schema]) => name === 'JsonObject' || (!components.has(name) && schema.type !== 'object')),
);

/** The objects that answers and entries are made of, each described once. */
export const answerTypes: ReadonlyMap<string, JsonSchema> = new Map(
  Object.keys(definitionsFor(callNames.map(name => use(plain(calls[name].data)))))
    .concat(Object.keys(definitionsFor(Object.values(entries).map(each => use(plain(each))))), 'Failure')
    .filter(name => !name.startsWith('Entry') && name !== 'Empty' && name !== 'JsonObject')
    .sort()
    .map((name): [string, JsonSchema] => [name, components.get(name)!]),
);

const plainNames = new Map([...plainTypes].map(([name, schema]) => [textOf(schema), name]));

function isSchema(value: unknown): value is TSchema {
  return typeof value === 'object' && value !== null && Kind in value;
}

function textOf(schema: JsonSchema): string {
  return JSON.stringify({ ...schema, description: undefined });
}

/** A heading's anchor, as GitHub makes it. */
export function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

export function tableOf(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The fields of an object, or of all its variants together, as a table. In a query, what has a default may be left out. */
export function fieldsOf(schema: JsonSchema, { query = false } = {}): string {
  const { properties = {}, required = [] } = merged(schema);
  const rows = Object.entries(properties).map(([name, property]) => {
    const needed = required.includes(name) && !(query && property.default !== undefined);
    return [`\`${name}${needed ? '' : '?'}\``, typeOf(property), aboutOf(property)];
  });
  return rows.length === 0 ? 'No fields: `{}`.' : tableOf(['field', 'type', 'about'], rows);
}

/** The variants of a union as one object: fields in which they differ are described by the field that tells them apart. */
function merged({ discriminator, anyOf, ...schema }: JsonSchema): JsonSchema {
  if (!discriminator || !anyOf) return schema;
  const { propertyName } = discriminator;
  const merge = (name: string): JsonSchema => {
    const each = anyOf.map(variant => variant.properties![name]);
    if (name === propertyName) return { anyOf: each };
    const alike = each.every(one => JSON.stringify(one) === JSON.stringify(each[0]));
    return alike ? each[0] : { type: 'object', description: `by \`${propertyName}\`` };
  };
  const names = Object.keys(anyOf[0].properties ?? {});
  return { required: anyOf[0].required, properties: Object.fromEntries(names.map(name => [name, merge(name)])) };
}

export function typeOf(schema: JsonSchema): string {
  const name = nameOf(schema) ?? '';
  const plainName = plainNames.get(textOf(schema));
  if (name === 'Entry') return '[Entry](#entries)';
  if (answerTypes.has(name)) return `[${name}](#${slug(name)})`;
  if (plainName && plainName !== 'JsonObject') return `[${plainName}](#plain-types)`;
  if (choicesOf(schema)) return shapeOf(schema);
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.items) return `list of ${typeOf(schema.items)}`;
  if (schema.properties) return inline(schema);
  return shapeOf(schema);
}

function inline({ properties = {}, required = [] }: JsonSchema): string {
  const fields = Object.entries(properties).map(([name, property]) => {
    return `${name}${required.includes(name) ? '' : '?'}: ${typeOf(property)}`;
  });
  return `{ ${fields.join(', ')} }`;
}

/** What is to be said of a value beside its type. */
export function aboutOf(schema: JsonSchema): string {
  const known = plainTypes.get(plainNames.get(textOf(schema)) ?? '');
  if (!known) return sayingOf(schema);
  return schema.description === known.description ? '' : (schema.description ?? '');
}

/** The JSON type of a value, or the strings of which it is one. */
export function shapeOf(schema: JsonSchema): string {
  const choices = choicesOf(schema);
  return choices ? choices.map(each => `\`${each}\``).join(', ') : (schema.type ?? 'any JSON');
}

/** A value's description, bounds and default. */
export function sayingOf(schema: JsonSchema): string {
  const bounded = schema.anyOf?.find(each => each.type !== 'null') ?? schema;
  const fallback = schema.default === undefined ? '' : `default: \`${schema.default}\``;
  return [
    schema.description,
    ...(plainNames.has(textOf(bounded)) && bounded !== schema ? [] : boundsOf(bounded)),
    fallback,
  ]
    .filter(Boolean)
    .join('; ');
}

function boundsOf(schema: JsonSchema): string[] {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems, pattern, uniqueItems } = schema;
  // The largest number that is exact in JavaScript is no limit of the protocol.
  const most = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  return [
    range('', minimum, most),
    range(' characters', minLength, maxLength),
    range(' items', minItems, maxItems),
    uniqueItems ? 'each once' : '',
    pattern ? `matches \`${pattern}\`` : '',
  ].filter(Boolean);
}

function range(unit: string, least?: number, most?: number): string {
  if (least === undefined && most === undefined) return '';
  if (most === undefined) return `at least ${least}${unit}`;
  if (least === undefined) return `at most ${most}${unit}`;
  return `${least} to ${most}${unit}`;
}
