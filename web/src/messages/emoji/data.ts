import type { Language } from '../../i18n';

/** Of the data's groups those that are shown, in their order. */
export const GROUPS = [0, 1, 3, 4, 5, 6, 7, 8, 9] as const;
export type Group = (typeof GROUPS)[number];

export interface Emoji {
  readonly emoji: string;
  /** What it is called, and other words by which it is found, in lower case. */
  readonly words: string;
  readonly group: number;
}

/** Every emoji, with its words in a language. */
export async function loadEmoji(language: Language): Promise<Emoji[]> {
  const { default: rows } = language === 'en' ? await import('virtual:emoji/en') : await import('virtual:emoji/zh');
  return rows.map(([emoji, words, group]) => ({ emoji, words: words.toLowerCase(), group }));
}
