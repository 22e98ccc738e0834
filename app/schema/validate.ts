import type { Static, TObject, TSchema } from '@sinclair/typebox';
import { TypeCompiler, type TypeCheck } from '@sinclair/typebox/compiler';
import { Value } from '@sinclair/typebox/value';
import { AppError } from './errors';

const compiled = new WeakMap<TSchema, TypeCheck<TSchema>>();
const SHOWN = 5;

function checkOf(schema: TSchema): TypeCheck<TSchema> {
  let check = compiled.get(schema);
  if (!check) compiled.set(schema, (check = TypeCompiler.Compile(schema)));
  return check;
}

/**
 * The variant that the value says it is, by the schema's `discriminator`, so that an error speaks of that variant and
 * not of all.
 */
function variantOf(schema: TSchema, value: unknown): TSchema {
  const name = (schema.discriminator as { propertyName: string } | undefined)?.propertyName;
  if (!name) return schema;
  const said = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  const variants = schema.anyOf as TSchema[];
  const constOf = (variant: TSchema): unknown => (variant.properties as Record<string, TSchema>)[name].const;
  const variant = variants.find(each => constOf(each) === said);
  if (variant) return variant;
  throw new AppError('INVALID_INPUT', [
    { path: `/${name}`, message: `one of ${variants.map(constOf).join(', ')} is needed` },
  ]);
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
export function validateQuery<T extends TObject>(schema: T, query: Record<string, unknown>): Static<T> {
  const properties: Record<string, TSchema | undefined> = schema.properties;
  const typed = Object.entries(query).map(([key, value]) => [
    key,
    properties[key]?.type === 'integer' && /^-?\d{1,16}$/.test(String(value)) ? Number(value) : value,
  ]);
  return validate(schema, withDefaults(schema, Object.fromEntries(typed)));
}

/** An object with the defaults of what it does not have; anything else as it is. */
export function withDefaults(schema: TObject, value: unknown): unknown {
  return Value.Default(schema, typeof value === 'object' && value !== null ? { ...value } : value);
}
