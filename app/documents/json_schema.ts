import { Kind, type TSchema } from '@sinclair/typebox';
import * as common from '../schema/common';
import * as content from '../schema/content';
import * as conversation from '../schema/conversation';
import * as events from '../schema/events';
import * as group from '../schema/group';
import * as media from '../schema/media';
import * as message from '../schema/message';
import * as notice from '../schema/notice';
import * as person from '../schema/person';
import * as presence from '../schema/presence';
import * as receipt from '../schema/receipt';
import * as limits from '../schema/service_limits';
import * as sync from '../schema/sync';
import * as user from '../schema/user';
import { Credentials } from './connection';

/** A schema as the documents have it: plain JSON, the keywords that this program's schemas use. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly const?: string | boolean;
  readonly enum?: readonly unknown[];
  readonly default?: string | number | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly pattern?: string;
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly discriminator?: { readonly propertyName: string; readonly mapping?: Readonly<Record<string, string>> };
  readonly [keyword: string]: unknown;
}

const COMPONENTS = '#/components/schemas/';

/** A TypeBox schema without its symbols. A property with a default may be left out, which TypeBox does not say. */
export function plain(schema: TSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (_key, value: unknown) => withoutDefaulted(value)) as JsonSchema;
}

function withoutDefaulted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('required' in value && 'properties' in value)) return value;
  const { properties, required, ...rest } = value as Required<Pick<JsonSchema, 'properties' | 'required'>>;
  const needed = required.filter(name => properties[name].default === undefined);
  return { ...rest, ...(needed.length > 0 && { required: needed }), properties };
}

/** `group.members_added` → `GroupMembersAdded` */
export function pascal(name: string): string {
  return name.replace(/(?:^|[^A-Za-z0-9])([a-z0-9])/g, (_match, first: string) => first.toUpperCase());
}

const contents = Object.fromEntries(
  Object.entries({ ...content.contents, ...content.shownMedia, ...content.serverContents }).map(([type, schema]) => [
    `${pascal(type)}Content`,
    schema,
  ]),
);

/** Objects get the name under which their module exports them, variants one that is made of their type. */
export const components: ReadonlyMap<string, JsonSchema> = new Map(
  [
    common,
    message,
    contents,
    sync,
    user,
    person,
    group,
    conversation,
    presence,
    receipt,
    notice,
    media,
    limits,
    events,
    { Credentials },
  ].flatMap(module =>
    Object.entries<unknown>(module).flatMap(([name, schema]) => (isComponent(schema) ? namesWithin(name, schema) : [])),
  ),
);

// Of two names for the same schema the first is used: Map keeps the last.
const nameByText = new Map([...components].reverse().map(([name, schema]) => [textOf(schema), name]));

function isComponent(value: unknown): value is TSchema {
  if (typeof value !== 'object' || value === null || !(Kind in value)) return false;
  return (value as JsonSchema).type === 'object' || 'discriminator' in value;
}

function namesWithin(name: string, schema: TSchema): [string, JsonSchema][] {
  const whole = plain(schema);
  const { discriminator, anyOf = [] } = whole;
  if (!discriminator) return [[name, whole]];
  const typeOf = (variant: JsonSchema) => String(variant.properties?.[discriminator.propertyName].const);
  return [[name, whole], ...anyOf.map((variant): [string, JsonSchema] => [name + pascal(typeOf(variant)), variant])];
}

/** What tells a schema from others: all but the words that the place of its use has for it. */
export function textOf(schema: JsonSchema): string {
  return JSON.stringify({ ...schema, description: undefined });
}

/** The name of a schema, if it is a component. */
export function nameOf(schema: JsonSchema): string | undefined {
  return nameByText.get(textOf(schema));
}

/** The schema where it is used: a reference, if it has a name. */
export function use(schema: JsonSchema): JsonSchema {
  const name = nameOf(schema);
  if (!name) return define(schema);
  const { description } = schema;
  return {
    $ref: COMPONENTS + name,
    ...(description !== components.get(name)?.description && { description }),
  };
}

/** The schema where it is defined. */
export function define(schema: JsonSchema): JsonSchema {
  const { anyOf, items, properties, discriminator, ...rest } = schema;
  const choices = choicesOf(schema);
  if (choices) return { type: 'string', enum: choices, ...rest };
  return {
    ...rest,
    ...(anyOf && { anyOf: anyOf.map(use) }),
    ...(anyOf && discriminator && { discriminator: { ...discriminator, mapping: mappingOf(anyOf, discriminator) } }),
    ...(items && { items: use(items) }),
    ...(properties && { properties: mapValues(properties, use) }),
  };
}

/** The strings of which a value is one, if that is all the schema says. */
export function choicesOf({ anyOf }: JsonSchema): string[] | undefined {
  const choices = anyOf?.map(each => each.const);
  return choices?.every(each => typeof each === 'string') ? choices : undefined;
}

function mappingOf(variants: readonly JsonSchema[], { propertyName }: { propertyName: string }) {
  return Object.fromEntries(
    variants.map(each => [String(each.properties?.[propertyName].const), use(each).$ref] as [string, string]),
  );
}

export function mapValues<T, R>(values: Readonly<Record<string, T>>, map: (value: T, key: string) => R) {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value, key)]));
}

/** The names of all that a part of a document refers to, directly or through one another, but not through `opaque`. */
export function namesIn(part: unknown, { opaque }: { opaque?: string } = {}): Set<string> {
  const found = new Set<string>();
  const visit = (each: unknown): void => {
    for (const [, name] of JSON.stringify(each).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      const schema = components.get(name);
      if (!schema || found.has(name)) continue;
      found.add(name);
      if (name !== opaque) visit(define(schema));
    }
  };
  visit(part);
  return found;
}

/** The definitions of all that a document refers to. */
export function definitionsFor(document: unknown): Record<string, JsonSchema> {
  const names = [...namesIn(document)].sort((a, b) => a.localeCompare(b));
  return Object.fromEntries(names.map(name => [name, define(components.get(name)!)]));
}
