import type { TSchema } from '@sinclair/typebox';
import { checkOf } from '../../app/schema/validate';
import type { Dice } from './dice';

/** A value that a field of that name has in the world that is fuzzed; undefined when it has none. */
export type Known = (field: string) => unknown;

/** Texts that are of one form or another, or hard to handle. */
const TEXTS = [
  'x',
  'a longer line of words',
  '好的，明天见',
  '😀👩‍👩‍👧‍👦🇨🇳',
  '\u202Eright to left\u202C',
  'zero\u200Bwidth\uFEFF',
  'e\u0301'.repeat(20),
  'line\nbreak\ttab\0nul',
  "'; DROP TABLE user; --",
  '%_\\',
  '<script>alert(1)</script>',
  'toString',
  'https://example.com/a.png?x=1#y',
  '/media/0123456789',
  'no_medium-has_this_id_',
  'image/png',
  '+8613800000000',
  '2031-01-31T09:30:00.000Z',
  '2001-01-31T09:30:00.000Z',
  '1',
  '9007199254740991',
];
const MOST_ITEMS = 5;

/** Makes values that a schema allows, those at its bounds more often than others. */
export class Examples {
  constructor(
    private readonly dice: Dice,
    private readonly known: Known,
  ) {}

  /** Throws for a form of text of which it knows no example. */
  of(schema: TSchema, field = ''): unknown {
    const { dice } = this;
    const known = dice.chance(0.95) ? this.known(field) : undefined;
    if (known !== undefined && checkOf(schema).Check(known)) return known;
    if ('const' in schema) return schema.const;
    if (Array.isArray(schema.anyOf)) return this.of(dice.pick(schema.anyOf as TSchema[]), field);
    if (schema.type === 'object') return schema.properties ? this.object(schema) : this.json(3);
    if (schema.type === 'array') return this.array(schema, field);
    if (schema.type === 'boolean') return dice.chance(0.5);
    if (schema.type === 'null') return null;
    return schema.type === 'string' ? this.text(schema) : this.number(schema);
  }

  /** Any JSON object, so many levels deep at most. */
  json(levels: number): Record<string, unknown> {
    const { dice } = this;
    const value = () =>
      levels > 0 && dice.chance(0.3) ? this.json(levels - 1) : dice.pick([...TEXTS, 1.5, true, null, []]);
    return Object.fromEntries(
      dice.some(['a', 'b', 'c', '', 'length', 'toJSON', '好'], dice.below(4)).map(key => [key, value()]),
    );
  }

  private object({ properties, required = [] }: TSchema): unknown {
    const fields = Object.entries(properties as Record<string, TSchema>);
    const wanted = fields.filter(([name]) => (required as string[]).includes(name) || this.dice.chance(0.4));
    return Object.fromEntries(wanted.map(([name, schema]) => [name, this.of(schema, name)]));
  }

  private array({ items, minItems = 0, maxItems = MOST_ITEMS, uniqueItems }: TSchema, field: string): unknown {
    const most = Math.min(Number(maxItems), MOST_ITEMS);
    const length = Number(minItems) + this.dice.below(most - Number(minItems) + 1);
    const made = Array.from({ length }, () => this.of(items as TSchema, field));
    return uniqueItems ? [...new Set(made)] : made;
  }

  private number({ minimum = 0, maximum = 1e9, type }: TSchema): number {
    const [least, most] = [Number(minimum), Number(maximum)];
    const whole = [least, least + 1, most, Math.min(20, most), least + this.dice.below(Math.min(50, most - least + 1))];
    return this.dice.pick(type === 'integer' ? whole : [...whole, least + 0.5]);
  }

  private text(schema: TSchema): string {
    const { minLength = 0, maxLength = 200 } = schema;
    const padded = ['x'.repeat(Number(minLength)), '好'.repeat(Number(maxLength)), 'é'.repeat(Number(maxLength) >> 1)];
    const own = [this.dice.uuid(), `a${this.dice.below(1e6)}`];
    const fitting = [...TEXTS, ...padded, ...own].filter(each => checkOf(schema).Check(each));
    if (fitting.length === 0) throw new Error(`no example of ${JSON.stringify(schema)}: put one into TEXTS`);
    return this.dice.pick(fitting);
  }
}
