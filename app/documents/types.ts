import { Kind, type TSchema } from '@sinclair/typebox';
import { callNames, calls } from '../schema/calls';
import * as common from '../schema/common';
import * as message from '../schema/message';
import { entries } from '../schema/sync';
import * as user from '../schema/user';
import { components, definitionsFor, plain, textOf, use, type JsonSchema } from './json_schema';

/** Exported schemas of single values, by name: described once, referred to by name. */
export const plainTypes: ReadonlyMap<string, JsonSchema> = new Map(
  [common, user, message]
    .flatMap(module => Object.entries<unknown>(module))
    .filter((entry): entry is [string, TSchema] => isSchema(entry[1]))
    .map(([name, schema]): [string, JsonSchema] => [name, plain(schema)])
    .filter(([name, schema]) => name === 'JsonObject' || (!components.has(name) && schema.type !== 'object')),
);

const texts = [...components.values()].map(textOf);

/** Of objects with the same fields no name says which is meant: they are shown as they are. */
export function isAlone(name: string): boolean {
  const text = textOf(components.get(name)!);
  return texts.indexOf(text) === texts.lastIndexOf(text);
}

/** The objects that answers and entries are made of, each described once. */
export const answerTypes: ReadonlyMap<string, JsonSchema> = new Map(
  Object.keys(definitionsFor(callNames.map(name => use(plain(calls[name].data)))))
    .concat(Object.keys(definitionsFor(Object.values(entries).map(each => use(plain(each))))), 'Failure')
    .filter(name => !/^Entry.|^Empty$|^JsonObject$/.test(name) && isAlone(name))
    .sort()
    .map((name): [string, JsonSchema] => [name, components.get(name)!]),
);

const plainNames = new Map([...plainTypes].map(([name, schema]) => [textOf(schema), name]));

/** The name of a single value's schema, if it has one; what is said of it where it is used does not matter. */
export function plainNameOf(schema: JsonSchema): string | undefined {
  return plainNames.get(textOf(schema));
}

function isSchema(value: unknown): value is TSchema {
  return typeof value === 'object' && value !== null && Kind in value;
}
