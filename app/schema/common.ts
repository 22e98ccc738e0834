import {
  FormatRegistry,
  Kind,
  Type,
  TypeRegistry,
  type TObject,
  type TProperties,
  type TSchema,
} from '@sinclair/typebox';
import moment from 'moment';

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
const MAX_DEPTH = 32;

/** JSON as it comes off the wire and nothing else: no binary, no keys that reach a prototype, no endless nesting. */
function isPlainJson(value: unknown, depth = 0): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || depth === MAX_DEPTH) return false;
  if (Array.isArray(value)) return value.every(each => isPlainJson(each, depth + 1));
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.entries(value).every(([key, each]) => !FORBIDDEN_KEYS.has(key) && isPlainJson(each, depth + 1));
}

TypeRegistry.Set(
  'JsonObject',
  (_schema, value) => !Array.isArray(value) && typeof value === 'object' && value !== null && isPlainJson(value),
);
FormatRegistry.Set('date-time', value => moment.utc(value, 'YYYY-MM-DD[T]HH:mm:ss.SSS[Z]', true).isValid());

/** The names of an object's properties, which the compiler knows. */
export function keysOf<K extends string>(object: Readonly<Record<K, unknown>>): K[] {
  return Object.keys(object) as K[];
}

/** An object that refuses properties it does not name. */
export function Closed<T extends TProperties>(properties: T, options: { description?: string } = {}): TObject<T> {
  return Type.Object(properties, { ...options, additionalProperties: false });
}

/** The same schema with words of its own, for a field whose type does not say what it is. */
export function about<T extends TSchema>(schema: T, description: string): T {
  return { ...schema, description };
}

const IdText = Type.String({ pattern: '^[1-9][0-9]{0,15}$', description: 'id: a decimal number in a string' });
/** On the wire a string, as numbers of that size are not exact in every language; within the server a number. */
export const Id = Type.Transform(IdText).Decode(Number).Encode(String);
export const Seq = Type.Integer({
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'number of an item: 1, 2, 3 … without a gap',
});
export const Place = Type.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'number of the last item that counts; 0 is before the first',
});
export const Time = Type.String({
  format: 'date-time',
  description: 'UTC with milliseconds: 2026-01-31T09:30:00.000Z',
});
export const Zone = Type.String({
  pattern: '^(\\+|-)(0[0-9]|1[0-4]):[0-5][0-9]$',
  description: 'offset from UTC, such as +08:00: times are answered as `YYYY-MM-DD HH:mm:ss` there',
});
export const Url = Type.String({
  maxLength: 1024,
  // A browser takes what follows `//`, or `/\`, for another host.
  pattern: '^(https?://[^\\s]|/[^\\s/\\\\])[^\\s]*$',
  description: 'http(s) URL, or a path of this server',
});
export const Uuid = Type.String({ pattern: '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$' });
/** Of an upload, not of a file: the same file has another one for each who has uploaded it. */
export const MediaId = Type.String({ pattern: '^[\\w-]{22}$', description: 'id of an uploaded file' });
export const JsonObject = Type.Unsafe<Record<string, unknown>>({
  [Kind]: 'JsonObject',
  type: 'object',
  description: 'any JSON object, 32 levels deep at most',
});
export const Limit = (fallback: number, maximum: number) =>
  Type.Integer({ minimum: 1, maximum, default: fallback, description: 'most items of one answer' });
/** Where the next page of a list begins. */
export const CURSOR = 'the `nextCursor` of the page before';
/** Of a list in order of id; text as all cursors are. */
export const IdCursor = () => Type.Optional(about(IdText, CURSOR));
export const Nullable = <T extends TObject | typeof Url>(schema: T) => Type.Union([schema, Type.Null()]);
export const CardVersion = Type.Integer({
  minimum: 1,
  description: 'how often name and avatar were changed; absent: never',
});
export const Deleted = Type.Literal(true, {
  description: 'the user has deleted the account: the name is empty, and a client shows "deleted user"',
});
export const Empty = Closed({});
