import { Marked, type Token, type Tokens } from 'marked';
import { slug } from './markdown';

const STYLE = `
:root { color-scheme: light dark; --text: light-dark(#1d2430, #dfe4ec); --quiet: light-dark(#5b6675, #98a3b3);
  --back: light-dark(#fff, #14181f); --raised: light-dark(#f3f5f8, #1e242e); --line: light-dark(#d9dee6, #333c49);
  --link: light-dark(#0b5fc0, #79b4ff); }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; color: var(--text); background: var(--back); font: 16px/1.6 system-ui, sans-serif; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
nav { padding: 1rem; background: var(--raised); border-bottom: 1px solid var(--line); font-size: 0.875rem; overflow-wrap: anywhere; }
nav ul { list-style: none; margin: 0.5rem 0 0; padding: 0; columns: 2; }
nav ul ul { display: none; }
main { min-width: 0; max-width: 60rem; padding: 0 1rem 4rem; overflow-wrap: break-word; }
h1, h2, h3 { line-height: 1.25; margin: 2.5rem 0 0.75rem; }
h2 { padding-top: 1.5rem; border-top: 1px solid var(--line); }
code { font: 0.875em/1.5 ui-monospace, 'Cascadia Mono', Menlo, Consolas, monospace; }
:not(pre) > code { padding: 0.1em 0.3em; border-radius: 4px; background: var(--raised); }
pre { padding: 1rem; overflow-x: auto; border: 1px solid var(--line); border-radius: 6px; background: var(--raised); }
blockquote { margin: 1rem 0; padding-left: 1rem; border-left: 3px solid var(--line); color: var(--quiet); }
.table { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; font-size: 0.9375rem; }
th, td { padding: 0.35rem 0.75rem; border: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: normal; }
th { background: var(--raised); }
td:first-child code { white-space: nowrap; }
@media (min-width: 64rem) {
  body { display: grid; grid-template-columns: 18rem 1fr; }
  nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; border-bottom: 0; border-right: 1px solid var(--line); }
  nav ul { columns: 1; }
  nav ul ul { display: block; margin: 0 0 0.5rem; padding-left: 0.75rem; }
  main { padding: 0 3rem 6rem; }
}`;

const marked = new Marked({
  renderer: {
    heading({ tokens, depth, text }) {
      return `<h${depth} id="${slug(text)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
    },
  },
  hooks: {
    // A wide table scrolls by itself, so that the page does not on a narrow screen.
    postprocess: html =>
      html.replaceAll('<table>', '<div class="table"><table>').replaceAll('</table>', '</table></div>'),
  },
});

/** A Markdown document as one HTML page that needs nothing else: contents beside it, or above it on a narrow screen. */
export function page(markdown: string): string {
  const headings = marked.lexer(markdown).filter(isHeading);
  const title = headings[0]?.text ?? '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<nav aria-label="Contents"><a href="/api/openapi.json">OpenAPI</a> · <a href="/api/asyncapi.json">AsyncAPI</a>
${contentsOf(headings)}</nav>
<main>
${marked.parse(markdown, { async: false })}</main>
</body>
</html>
`;
}

function isHeading(token: Token): token is Tokens.Heading {
  return token.type === 'heading';
}

/** The headings of the second level, each with those of the third below it. */
function contentsOf(headings: readonly Tokens.Heading[]): string {
  const items: { heading: Tokens.Heading; below: Tokens.Heading[] }[] = [];
  for (const heading of headings) {
    if (heading.depth === 2) items.push({ heading, below: [] });
    if (heading.depth === 3) items.at(-1)?.below.push(heading);
  }
  const item = ({ heading, below }: (typeof items)[number]) =>
    `<li>${linkTo(heading)}${below.length > 0 ? listOf(below.map(each => `<li>${linkTo(each)}</li>`)) : ''}</li>`;
  return listOf(items.map(item));
}

function listOf(items: readonly string[]): string {
  return `<ul>\n${items.join('\n')}\n</ul>\n`;
}

function linkTo({ text }: Tokens.Heading): string {
  // Beside one another the words that all headings of a section begin with say nothing.
  const name = text.replace(/^(Event|Entry|Content of) (?=`)/, '').replaceAll('`', '');
  return `<a href="#${slug(text)}">${name}</a>`;
}
