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
import { changeOf, type Change } from './walk';

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

/** Turns a valid value from the wire into what the server works with. */
export type Decode = Change;

/** The decoder of a schema, which makes numbers of its ids; undefined where there are none. */
export function decoderOf(schema: TSchema): Decode | undefined {
  return changeOf(schema, part => (KindGuard.IsTransform(part) ? part[TransformKind].Decode : undefined));
}

/** The decoders of several schemas, one after the other on the same value. */
export function decoderOfAll(schemas: readonly TSchema[]): Decode {
  const decoders = schemas.flatMap(schema => decoderOf(schema) ?? []);
  return value => decoders.reduce((decoded, decode) => decode(decoded), value);
}
