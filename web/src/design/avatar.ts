const HUES = 8;

/** Which of the colours of avatars belongs to an id. */
export function hueOf(id: string): number {
  let hash = 0;
  for (const letter of id) hash = (hash * 31 + letter.codePointAt(0)!) >>> 0;
  return hash % HUES;
}

/** One or two letters that stand for a name: one of a name in Chinese, where each is a word. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/u);
  const first = lettersOf(words[0]);
  if (/\p{Script=Han}/u.test(first)) return first;
  const last = words.length > 1 ? lettersOf(words.at(-1)) : '';
  return (first + last).toLocaleUpperCase();
}

function lettersOf(word = ''): string {
  const [first = ''] = new Intl.Segmenter().segment(word);
  return typeof first === 'string' ? first : first.segment;
}
