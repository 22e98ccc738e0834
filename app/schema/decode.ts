import {
  KindGuard,
  TransformKind,
  type Static,
  type TArray,
  type TObject,
  type TOptional,
  type TProperties,
  type TSchema,
  type TUnion,
} from '@sinclair/typebox';
import { checkOf, isObject, variantsOf } from './validate';

/** The type of a decoded value. TypeBox's own, StaticDecode, knows no union that is made by `map`. */
export type Decoded<S extends TSchema> = S extends { [TransformKind]: { Decode: (value: never) => infer T } }
  ? T
  : S extends TObject<infer P>
    ? DecodedObject<P>
    : S extends TArray<infer I>
      ? Decoded<I>[]
      : S extends TUnion<infer V>
        ? Decoded<V[number]>
        : Static<S>;

type OptionalKey<P extends TProperties> = { [K in keyof P]: P[K] extends TOptional<TSchema> ? K : never }[keyof P];
type DecodedObject<P extends TProperties> = { [K in Exclude<keyof P, OptionalKey<P>>]: Decoded<P[K]> } & {
  [K in OptionalKey<P>]?: Decoded<P[K]>;
};

/** Turns a valid value from the wire into what the server works with. Objects and arrays are changed in place. */
export type Decode = (value: unknown) => unknown;

/**
 * The decoder of a schema, which touches those properties alone that hold ids; undefined where there are none. TypeBox's own
 * walks the whole value and the whole schema for each message.
 */
export function decoderOf(schema: TSchema): Decode | undefined {
  if (KindGuard.IsTransform(schema)) return schema[TransformKind].Decode;
  if (KindGuard.IsObject(schema)) return ofObject(schema);
  if (KindGuard.IsArray(schema)) return ofArray(schema);
  return KindGuard.IsUnion(schema) ? ofUnion(schema) : undefined;
}

/** The decoders of several schemas, one after the other on the same value. */
export function decoderOfAll(schemas: readonly TSchema[]): Decode {
  const decoders = schemas.flatMap(schema => decoderOf(schema) ?? []);
  return value => decoders.reduce((decoded, decode) => decode(decoded), value);
}

function ofObject({ properties }: TObject): Decode | undefined {
  const fields = Object.entries(properties).flatMap(([name, property]) => {
    const decode = decoderOf(property);
    return decode ? [{ name, decode }] : [];
  });
  if (fields.length === 0) return undefined;
  return value => {
    if (!isObject(value)) return value;
    for (const { name, decode } of fields) {
      if (value[name] !== undefined) value[name] = decode(value[name]);
    }
    return value;
  };
}

function ofArray({ items }: TArray): Decode | undefined {
  const decode = decoderOf(items);
  return decode && (value => (Array.isArray(value) ? value.map(decode) : value));
}

function ofUnion(schema: TUnion): Decode | undefined {
  const decoders = new Map(schema.anyOf.map(variant => [variant, decoderOf(variant)]));
  if (![...decoders.values()].some(Boolean)) return undefined;
  const variants = variantsOf(schema);
  const isA = (variant: TSchema, value: unknown) => checkOf(variant).Check(value);
  return value => {
    const variant = variants ? variants.find(value) : schema.anyOf.find(each => isA(each, value));
    const decode = variant && decoders.get(variant);
    return decode ? decode(value) : value;
  };
}
