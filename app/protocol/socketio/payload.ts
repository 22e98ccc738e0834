import { requireSize } from '../../lib/stream/parser';
import { invalidInput } from '../../schema/errors';
import { bounded, isObject } from '../../schema/validate';

export type Payload = Readonly<Record<string, unknown>>;

/** What an event brings, be it an object or the JSON of one. Throws TOO_LARGE, INVALID_INPUT. */
export function payloadOf(given: unknown, maxBytes: number): Payload {
  requireSize(given, maxBytes);
  const value = typeof given === 'string' ? parse(given) : given;
  if (!isObject(value) || Array.isArray(value)) throw invalidInput('/', 'an object, or the JSON of one, is needed');
  return bounded(value);
}

/** Read as data, and never run. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidInput('/', 'no JSON');
  }
}

/** The id of a user, which may be a number or a text. Throws INVALID_INPUT. */
export function userIdIn(uid: unknown): string {
  const id = typeof uid === 'number' || typeof uid === 'string' ? String(uid) : '';
  if (!/^[1-9]\d{0,15}$/.test(id)) throw invalidInput('/uid', 'the id of a user is needed');
  return id;
}

/** A text, which may be a number, too. Throws INVALID_INPUT. */
export function textIn(value: unknown, path: string): string {
  if (typeof value !== 'string' && typeof value !== 'number') throw invalidInput(path, 'a text is needed');
  return String(value);
}
