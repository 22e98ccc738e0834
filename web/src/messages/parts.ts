export type Part =
  | { readonly kind: 'text' | 'mention'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string };

const LINK = /\b(?:https?:\/\/|www\.)[^\s<>"'`，。；！？、（）《》「」【】]+/giu;
/** What ends a sentence, and not an address. */
const AFTER = /[.,;:!?)\]}'"]+$/u;

/**
 * A text with the addresses in it apart, and the names of those who are mentioned.
 * @param names of those whom it mentions
 */
export function partsOf(text: string, names: readonly string[] = []): Part[] {
  return linksOf(text).flatMap(part => (part.kind === 'text' ? mentionsOf(part.text, names) : part));
}

function mentionsOf(text: string, names: readonly string[]): Part[] {
  const found = names.map(name => ({ name: `@${name}`, at: text.indexOf(`@${name}`) })).filter(({ at }) => at >= 0);
  // The longest of those that begin together: “Ann Lee” and not “Ann”.
  const [first] = found.sort((a, b) => a.at - b.at || b.name.length - a.name.length);
  if (!first) return text === '' ? [] : [{ kind: 'text', text }];
  const { name, at } = first;
  const before: Part[] = at > 0 ? [{ kind: 'text', text: text.slice(0, at) }] : [];
  return [...before, { kind: 'mention', text: name }, ...mentionsOf(text.slice(at + name.length), names)];
}

function linksOf(text: string): Part[] {
  const parts: Part[] = [];
  let from = 0;
  const put = (to: number) => to > from && parts.push({ kind: 'text', text: text.slice(from, to) });
  for (const match of text.matchAll(LINK)) {
    const found = trimmed(match[0]);
    const href = addressOf(found);
    if (!href) continue;
    put(match.index);
    parts.push({ kind: 'link', text: found, href });
    from = match.index + found.length;
  }
  put(text.length);
  return parts;
}

function trimmed(found: string): string {
  const after = AFTER.exec(found)?.[0] ?? '';
  // A bracket that was opened within the address belongs to it.
  const isWithin = after.startsWith(')') && found.includes('(');
  return after && !isWithin ? found.slice(0, -after.length) : found;
}

function addressOf(found: string): string | undefined {
  const address = /^www\./i.test(found) ? `https://${found}` : found;
  return URL.canParse(address) ? new URL(address).href : undefined;
}
