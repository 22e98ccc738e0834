import { KindGuard, type Static, type TObject, type TSchema } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { Value } from '@sinclair/typebox/value';
import { AppError, invalidInput } from './errors';

const SHOWN = 5;
/** Levels of an input: those of a `JsonObject`, and some around it. */
const DEPTH = 40;
/** Values in an input, containers among them: more than the largest `content` and `extra` can hold. */
const VALUES = 20_000;
/** Values up to which it is said what is wrong with an input: that takes far longer than to see that something is. */
const EXPLAINED = 2000;
/** Half of a surrogate pair, which is no character: UTF-8 has none, and another would be stored and pushed in its place. */
const HALF = /\p{Surrogate}/u;

/** The variants of a union that has a `discriminator`: a property whose constant says which one a value is. */
interface Variants {
  readonly property: string;
  readonly constants: readonly unknown[];
  readonly find: (value: unknown) => TSchema | undefined;
}

/** A function of a schema that is run once for each, when it is first needed. */
function once<T>(make: (schema: TSchema) => T): (schema: TSchema) => T {
  const made = new WeakMap<TSchema, { readonly value: T }>();
  return schema => {
    const known = made.get(schema) ?? { value: make(schema) };
    made.set(schema, known);
    return known.value;
  };
}

export const checkOf = once(schema => TypeCompiler.Compile(schema));

/** Undefined for whatever is no union with a discriminator. */
export const variantsOf = once((schema): Variants | undefined => {
  if (!KindGuard.IsUnion(schema) || !isObject(schema.discriminator)) return undefined;
  const property = String(schema.discriminator.propertyName);
  const variants = new Map<unknown, TSchema>();
  for (const variant of schema.anyOf.filter(KindGuard.IsObject)) {
    const told = variant.properties[property];
    if (KindGuard.IsLiteral(told)) variants.set(told.const, variant);
  }
  const find = (value: unknown) => (isObject(value) ? variants.get(value[property]) : undefined);
  return { property, constants: [...variants.keys()], find };
});

/** The variant that the value says it is, so that an error speaks of that variant and not of all. */
function variantOf(schema: TSchema, value: unknown): TSchema {
  const variants = variantsOf(schema);
  if (!variants) return schema;
  const variant = variants.find(value);
  if (variant) return variant;
  const { property, constants } = variants;
  throw invalidInput(`/${property}`, `one of ${constants.join(', ')} is needed`);
}

/** How many values there are in one, itself among them; counting ends with the level on which there are more than `most`. */
function countValues(value: unknown, most: number): number {
  let count = 0;
  for (let level = [value], depth = 0; level.length > 0; depth++) {
    if (depth === DEPTH) return Infinity;
    count += level.length;
    if (count > most) return count;
    level = level.flatMap(each => (isObject(each) ? Object.values(each) : []));
  }
  return count;
}

/** The JSON pointer to the first text that is not well-formed, be it a value or a key; undefined when all are. */
function findBroken(value: unknown, path = ''): string | undefined {
  if (typeof value === 'string') return HALF.test(value) ? path || '/' : undefined;
  if (!isObject(value)) return undefined;
  for (const [key, each] of Object.entries(value)) {
    const found = HALF.test(key) ? path || '/' : findBroken(each, `${path}/${key}`);
    if (found) return found;
  }
  return undefined;
}

/**
 * The input, unless it is nested too deeply or has too many parts for anything to walk it, or has a text that could not be stored
 * as it is. Throws INVALID_INPUT.
 */
export function bounded<T>(input: T): T {
  if (countValues(input, VALUES) > VALUES)
    throw invalidInput('/', `over ${DEPTH} levels deep, or over ${VALUES} values`);
  const broken = findBroken(input);
  if (broken) throw invalidInput(broken, 'half of a surrogate pair is no character');
  return input;
}

/** The value as the schema's type. Throws INVALID_INPUT with `details: [{ path, message }]`. */
export function validate<T extends TSchema>(schema: T, value: unknown): Static<T> {
  const check = checkOf(variantOf(schema, value));
  if (check.Check(value)) return value;
  if (countValues(value, EXPLAINED) > EXPLAINED) throw invalidInput('/', 'not valid');
  const details = [];
  for (const { path, message } of check.Errors(value)) {
    if (details.push({ path: path || '/', message }) === SHOWN) break;
  }
  throw new AppError('INVALID_INPUT', details);
}

/** The same for a path or a query string, whose whole numbers come as text, and where defaults are filled in. */
export function validateQuery<T extends TObject>(schema: T, query: unknown): Static<T> {
  const properties: Record<string, TSchema | undefined> = schema.properties;
  const typed = Object.entries(isObject(query) ? query : {}).map(([key, value]) => [
    key,
    properties[key]?.type === 'integer' && /^-?\d{1,16}$/.test(String(value)) ? Number(value) : value,
  ]);
  return validate(schema, withDefaults(schema, Object.fromEntries(typed)));
}

/** An object with the defaults of what it does not have; anything else as it is. */
export function withDefaults(schema: TObject, value: unknown): unknown {
  return Value.Default(schema, isObject(value) ? { ...value } : value);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
