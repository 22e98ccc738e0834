import { isObject } from '../../app/schema/validate';
import type { Dice } from './dice';

/** Stands in a value for text that JSON.stringify would never write. */
const RAW = '\uE000';
const raw = (text: string) => `${RAW}${text}${RAW}`;

const deep = (levels: number) => raw('['.repeat(levels) + ']'.repeat(levels));
const deepObject = (levels: number) => raw(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);

/** What no field expects, or hardly any. */
const EVIL: readonly unknown[] = [
  ...[null, true, false, [], {}, [[]], [null], '', ' ', 'null', 'NaN', 'Infinity', '-1', '0', '1e3', '0x1F'],
  ...[0, -1, 1.5, 2 ** 31, 2 ** 53, 2 ** 53 + 2, -(2 ** 63), 1e308, 5e-324],
  ...[raw('-0'), raw('1e400'), raw('-1e400'), raw('1E+2'), raw('12345678901234567890')],
  ...['\uD800', 'a\uDFFFb', '\0', '\u202E\u2066', '\uFFFF', '\u{10FFFF}', 'x'.repeat(5000), '好'.repeat(5000)],
  ...['__proto__', 'constructor', "' OR 1=1 --", '${7*7}', '../../etc/passwd', '//evil/x', 'javascript:alert(1)'],
  ...[raw('{"__proto__":{"polluted":1}}'), raw('{"constructor":{"prototype":{"polluted":1}}}'), raw('{"a":1,"a":2}')],
  ...[{ $gt: '' }, { toString: 1 }, { length: -1 }, { then: 1 }, { toJSON: 'x' }],
  ...[deep(20), deep(45), deep(5000), deepObject(33), deepObject(2000)],
];
/** More than is read on: seldom, because each costs as much as hundreds of others. */
const HUGE: readonly unknown[] = [
  'x'.repeat(300_000),
  raw(`[${'[],'.repeat(60_000)}[]]`),
  raw(`{${Array.from({ length: 10_000 }, (_, index) => `"k${index}":1`).join()}}`),
];
const KEYS = [
  'surprise',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  '',
  '\0',
  'id',
  'senderId',
  'seq',
  '_method',
];

/** The value with something wrong somewhere: another kind of value, a part missing, or one too many. */
export function mutated(value: unknown, dice: Dice): unknown {
  const keys = isObject(value) ? Object.keys(value) : [];
  if (!isObject(value) || dice.chance(keys.length > 0 ? 0.1 : 0.5)) return dice.pick(dice.chance(0.005) ? HUGE : EVIL);
  const entries = Object.entries(value);
  const at = dice.below(keys.length || 1);
  const kind = keys.length === 0 ? 'add' : dice.pick(['change', 'change', 'change', 'remove', 'add']);
  if (kind === 'add') entries.push([dice.pick(KEYS), dice.pick(EVIL)]);
  else if (kind === 'remove') entries.splice(at, 1);
  else entries[at] = [keys[at], mutated(entries[at][1], dice)];
  // From entries, so that `__proto__` becomes a key as any other.
  return Array.isArray(value) ? entries.map(([, each]) => each) : Object.fromEntries(entries);
}

/** The JSON text of a value, with what JSON.stringify would not write. */
export function textOf(value: unknown): string {
  return JSON.stringify(value).replace(new RegExp(`"${RAW}(.*?)${RAW}"`, 'g'), (_, text: string) =>
    text.replaceAll('\\"', '"'),
  );
}

/** A text that is a little wrong. */
export function broken(text: string, dice: Dice): string {
  const at = dice.below(text.length + 1);
  const middle = dice.pick(['', '"', '}', '{', ',', '\\', '\0', '\u2028', '{"a":', text]);
  return text.slice(0, at) + middle + text.slice(at + dice.below(3));
}
