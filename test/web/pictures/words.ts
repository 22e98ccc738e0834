import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DICTIONARIES = join(__dirname, '../../../web/src/i18n');

/** The words of the page in a language by their keys, read as a text: modules of the page can not be loaded here. */
export function wordsOf(lang: 'en' | 'zh-CN'): (key: string) => string {
  const folder = join(DICTIONARIES, lang.slice(0, 2));
  const text = readdirSync(folder).map(file => readFileSync(join(folder, file), 'utf8'));
  const words = new Map(
    [...text.join('').matchAll(/^ {2}'?([\w.]+)'?: '(.*)',$/gm)].map(([, key, word]) => [key, word]),
  );
  return key => {
    const word = words.get(key);
    if (word === undefined) throw new Error(`The page has no words of ${key} (${lang})`);
    return word;
  };
}
