/**
 * A value as JSON text. What is stored as JSON, such as the content of a message, goes on to whoever asks for it as it is, and
 * nothing parses it on the way.
 */
export class Json<T> {
  constructor(readonly text: string) {}

  /** For a part of a larger value that is turned to JSON by somebody who does not know of this: correct, but slow. */
  toJSON(): T {
    return JSON.parse(this.text) as T;
  }
}

export type OrJson<T> = T | Json<T>;

/** The JSON text of any value but undefined. */
export function textOf(value: unknown): string {
  return value instanceof Json ? value.text : JSON.stringify(value);
}

export function jsonList<T>(items: readonly OrJson<T>[]): Json<T[]> {
  return new Json(`[${items.map(textOf).join()}]`);
}

/** An object some fields of which are JSON already; what is undefined is left out. */
export function jsonObject<T extends object>(fields: { readonly [K in keyof T]: OrJson<T[K]> }): Json<T> {
  const set = Object.entries(fields).filter(([, value]) => value !== undefined);
  return new Json(`{${set.map(([name, value]) => `${JSON.stringify(name)}:${textOf(value)}`).join()}}`);
}

/** The object with further fields behind its own. Neither may be empty. */
export function jsonWith<T extends object, M extends object>(object: Json<T>, more: M): Json<T & M> {
  return new Json(`${object.text.slice(0, -1)},${JSON.stringify(more).slice(1)}`);
}
