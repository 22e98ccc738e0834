import { KindGuard, type TArray, type TObject, type TSchema, type TUnion } from '@sinclair/typebox';
import { checkOf, isObject, variantsOf } from './validate';

/** Changes parts of a valid value. Objects and arrays are changed in place. */
export type Change<C = void> = (value: unknown, how: C) => unknown;
/** What changes the values of a schema; undefined where those are to be walked, or have nothing to change. */
type LeafOf<C> = (schema: TSchema) => Change<C> | undefined;

/**
 * What changes the values of a schema wherever a leaf is in it, and touches no other property; undefined where there are none.
 * TypeBox's own walks the whole value and the whole schema for each message.
 */
export function changeOf<C = void>(schema: TSchema, leafOf: LeafOf<C>): Change<C> | undefined {
  const leaf = leafOf(schema);
  if (leaf) return leaf;
  if (KindGuard.IsObject(schema)) return ofObject(schema, leafOf);
  if (KindGuard.IsArray(schema)) return ofArray(schema, leafOf);
  return KindGuard.IsUnion(schema) ? ofUnion(schema, leafOf) : undefined;
}

function ofObject<C>({ properties }: TObject, leafOf: LeafOf<C>): Change<C> | undefined {
  const fields = Object.entries(properties).flatMap(([name, property]) => {
    const change = changeOf(property, leafOf);
    return change ? [{ name, change }] : [];
  });
  if (fields.length === 0) return undefined;
  return (value, how) => {
    if (!isObject(value)) return value;
    for (const { name, change } of fields) {
      if (value[name] !== undefined) value[name] = change(value[name], how);
    }
    return value;
  };
}

function ofArray<C>({ items }: TArray, leafOf: LeafOf<C>): Change<C> | undefined {
  const change = changeOf(items, leafOf);
  return change && ((value, how) => (Array.isArray(value) ? value.map(each => change(each, how)) : value));
}

function ofUnion<C>(schema: TUnion, leafOf: LeafOf<C>): Change<C> | undefined {
  const changes = new Map(schema.anyOf.map(variant => [variant, changeOf(variant, leafOf)]));
  if (![...changes.values()].some(Boolean)) return undefined;
  const variants = variantsOf(schema);
  const isA = (variant: TSchema, value: unknown) => checkOf(variant).Check(value);
  return (value, how) => {
    const variant = variants ? variants.find(value) : schema.anyOf.find(each => isA(each, value));
    const change = variant && changes.get(variant);
    return change ? change(value, how) : value;
  };
}
