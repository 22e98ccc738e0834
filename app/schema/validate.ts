import { KindGuard, type Static, type TObject, type TSchema } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { Value } from '@sinclair/typebox/value';
import { AppError } from './errors';

const SHOWN = 5;

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
  throw new AppError('INVALID_INPUT', [{ path: `/${property}`, message: `one of ${constants.join(', ')} is needed` }]);
}

/** The value as the schema's type. Throws INVALID_INPUT with `details: [{ path, message }]`. */
export function validate<T extends TSchema>(schema: T, value: unknown): Static<T> {
  const check = checkOf(variantOf(schema, value));
  if (check.Check(value)) return value;
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
