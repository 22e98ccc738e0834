import type { Key, Range } from './store.js';

/** Behind every part of a key, and before every digit and letter. */
const END = '\u0001';
/** Behind all keys that begin with the same. */
const LAST = '\uffff';

/** Text in whose order keys are: a number by its digits, before every string. */
export function textOf(key: Key): string {
  return key.map(part => (typeof part === 'number' ? `0${String(part).padStart(16, '0')}` : `1${part}`) + END).join('');
}

/** Which texts are in a range: from the first on, before the second. */
export function textsIn({ prefix = [], after, before }: Range): [from: string, to: string] {
  const first = textOf(prefix);
  return [after ? textOf(after) + LAST : first, before ? textOf(before) : first + LAST];
}
