export interface Marked {
  readonly text: string;
  readonly isMarked: boolean;
}

/** Characters that are shown before the first word that was found. */
const BEFORE = 24;

const escaped = (word: string): string => word.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** A text from where the first of the words is on, with the words in it apart. */
export function marksOf(text: string, words: string): Marked[] {
  const all = words.split(/\s+/u).filter(Boolean);
  if (all.length === 0) return [{ text, isMarked: false }];
  const line = text.replace(/\s+/gu, ' ');
  const pattern = new RegExp(`(${all.map(escaped).join('|')})`, 'giu');
  const first = line.search(pattern);
  const from = first > BEFORE ? first - BEFORE : 0;
  const shown = (from > 0 ? '…' : '') + line.slice(from);
  // What is split by a group is before and within it by turns.
  return shown
    .split(pattern)
    .map((part, index) => ({ text: part, isMarked: index % 2 === 1 }))
    .filter(part => part.text !== '');
}
