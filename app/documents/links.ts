import { posix } from 'node:path';
import { slug } from './markdown';

export interface Heading {
  /** 1 is the title. */
  readonly depth: number;
  readonly text: string;
}

/** The headings of a page with their depth, as they are written. */
export function outlineOf(markdown: string): Heading[] {
  const prose = markdown.replace(/^```[\s\S]*?^```/gm, '');
  return [...prose.matchAll(/^(#+) (.+)$/gm)].map(([, signs, text]) => ({ depth: signs.length, text }));
}

export function headingsOf(markdown: string): string[] {
  return outlineOf(markdown).map(({ text }) => text);
}

/** Where the places of several pages are; pages by their path. */
export class Places {
  private readonly anchors: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(pages: ReadonlyMap<string, string>) {
    this.anchors = new Map([...pages].map(([path, markdown]) => [path, new Set(headingsOf(markdown).map(slug))]));
  }

  /** The page that has an anchor: `from` itself, or the only other one. Throws when there is none, or several. */
  pageOf(anchor: string, from?: string): string {
    if (from && this.anchors.get(from)?.has(anchor)) return from;
    const found = [...this.anchors].filter(([, anchors]) => anchors.has(anchor)).map(([path]) => path);
    if (found.length !== 1) throw new Error(`#${anchor} is on ${found.join(' and ') || 'no page'}`);
    return found[0];
  }

  /**
   * Writes the links of a page as they are in a file: `#anchor` gets the page that has it, `/page.md` becomes relative, so
   * that who writes a page need not know where the other things are.
   */
  linked(path: string, markdown: string): string {
    const relative = (page: string) => posix.relative(posix.dirname(path), page);
    const whole = markdown.replace(/\]\(\/(.+?\.md)/g, (_match, page: string) => `](${relative(page)}`);
    return whole.replace(/\]\(#(.+?)\)/g, (_match, anchor: string) => {
      const page = this.pageOf(anchor, path);
      return `](${page === path ? '' : relative(page)}#${anchor})`;
    });
  }
}
