import { Marked, type Tokens } from 'marked';
import { posix } from 'node:path';
import { ERRORS } from '../schema/errors';
import { slug } from './markdown';

/** First columns of tables whose rows can be led to, beside the headings. */
const ANCHORED = ['code', 'setting'];

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/**
 * The Markdown of a page as HTML. `path` is that of its file below docs/; `addressOf` tells the server's address of
 * another file there. Throws for a link to a file that is no page.
 */
export function htmlOf(markdown: string, path: string, addressOf: (path: string) => string): string {
  const addressOfLink = (href: string): string => {
    const [, file, anchor = ''] = /^(.+\.md)(#.*)?$/.exec(href) ?? [];
    return file ? addressOf(posix.join(posix.dirname(path), file)) + anchor : href;
  };
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth, text }) {
        const anchor = depth === 1 ? '' : ` <a class="anchor" href="#${slug(text)}" aria-label="Link to here">#</a>`;
        return `<h${depth} id="${slug(text)}">${this.parser.parseInline(tokens)}${anchor}</h${depth}>\n`;
      },
      link({ href, tokens }) {
        return `<a href="${escaped(addressOfLink(href))}">${this.parser.parseInline(tokens)}</a>`;
      },
      code({ text }) {
        // What is wider than the screen is scrolled by keys too.
        return `<pre tabindex="0"><code>${escaped(text)}</code></pre>\n`;
      },
      codespan({ text }) {
        const code = `<code>${escaped(text)}</code>`;
        return Object.hasOwn(ERRORS, text) ? `<a href="${addressOf('protocol.md')}#${slug(text)}">${code}</a>` : code;
      },
      table({ header, rows }) {
        const cell = (tag: string, { tokens }: Tokens.TableCell) =>
          `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`;
        const row = (cells: Tokens.TableCell[]) => {
          const id = ANCHORED.includes(header[0].text) ? ` id="${slug(cells[0].text)}"` : '';
          return `<tr${id}>${cells.map(each => cell('td', each)).join('')}</tr>`;
        };
        const head = `<thead><tr>${header.map(each => cell('th', each)).join('')}</tr></thead>`;
        const body = `<tbody>\n${rows.map(row).join('\n')}\n</tbody>`;
        return `<table class="columns-${header.length}">${head}${body}</table>\n`;
      },
      html({ text }) {
        return text.startsWith('<!--') ? '' : escaped(text);
      },
    },
  });
  return marked.parse(markdown, { async: false });
}
