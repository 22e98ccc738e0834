export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string };

const LINK = /\b(?:https?:\/\/|www\.)[^\s<>"'`，。；！？、（）《》「」【】]+/giu;
/** What ends a sentence, and not an address. */
const AFTER = /[.,;:!?)\]}'"]+$/u;

/** A text with the addresses in it apart. */
export function partsOf(text: string): Part[] {
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
