import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { settings } from './settings';

export type Parts = Readonly<Record<string, () => string>>;

const defaults = new Map(settings.map(({ name, value }) => [name, value]));

/** What is written by hand of a page, `{{name}}` in it replaced by that part, or by the default of that setting. */
export function filled(file: string, parts: Parts): string {
  const text = readFileSync(join(__dirname, file), 'utf8');
  const whole = text.replace(/\{\{(\w+)\}\}/g, (_match, name: string) => {
    const value = Object.hasOwn(parts, name) ? parts[name]() : defaults.get(name);
    if (value === undefined) throw new Error(`app/documents/${file}: {{${name}}} is not known`);
    return value;
  });
  // A part may have nothing in it.
  return whole.replace(/\n{3,}/g, '\n\n');
}
