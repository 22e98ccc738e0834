import { htmlOf } from './html';
import { outlineOf } from './links';
import { slug } from './markdown';
import { pages, type Page } from './pages';
import { searchIndex } from './search_index';

const INDEX = 'reference/README.md';

/** The pages as HTML by their address: a bar with the search box, a menu, and the page. */
export function htmlPages(): Map<string, string> {
  return new Map(pages.map(page => [page.address, htmlPage(page)]));
}

export function searchJson(): string {
  return JSON.stringify(searchIndex());
}

function addressOf(path: string): string {
  const page = pages.find(each => each.path === path);
  if (!page) throw new Error(`docs/${path} is no page of /docs`);
  return page.address;
}

function htmlPage(page: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title} · egg-im</title>
<link rel="icon" href="/public/icon.svg">
<link rel="stylesheet" href="/public/tokens.css">
<link rel="stylesheet" href="/public/docs.css">
<script type="module" src="/public/docs.mjs"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the page</a>
<header>
<a class="brand" href="/docs" aria-label="egg-im docs">
<img src="/public/icon.svg" alt="" width="28" height="28"><span>egg-im <small>docs</small></span></a>
<search hidden>
<input id="search" type="search" placeholder="Search calls, types, errors" aria-label="Search" autocomplete="off"
 spellcheck="false" role="combobox" aria-expanded="false" aria-controls="found" aria-autocomplete="list">
<kbd>/</kbd>
<div id="found" role="listbox" aria-label="Found" hidden></div>
<p id="count" role="status"></p>
</search>
<button type="button" popovertarget="menu">Menu</button>
</header>
${menu(page)}
<main id="main">
${htmlOf(page.markdown, page.path, addressOf)}</main>
</body>
</html>
`;
}

function menu(open: Page): string {
  const subjects = pages.filter(({ path }) => /^reference\/(?!README)/.test(path));
  const others = pages.filter(page => !subjects.includes(page));
  const itemOf = (page: Page): string => {
    const below = page.path === INDEX ? list(subjects.map(itemOf)) : '';
    return `<li>${linkTo(page, open)}${page === open ? contentsOf(page) : ''}${below}</li>`;
  };
  return `<nav id="menu" popover aria-label="Documents">
${list(others.map(itemOf))}<ul class="tools">
<li><a href="/api/openapi.json">OpenAPI</a></li>
<li><a href="/api/asyncapi.json">AsyncAPI</a></li>
<li><a href="/">Chat</a></li>
</ul>
</nav>`;
}

function linkTo(page: Page, open: Page): string {
  return `<a href="${page.address}"${page === open ? ' aria-current="page"' : ''}>${page.title}</a>`;
}

/** The headings of the second level, each with those of the third below it; of the index not, they are the subjects. */
function contentsOf({ path, markdown }: Page): string {
  const chapters: { heading: string; below: string[] }[] = [];
  for (const { depth, text } of outlineOf(markdown)) {
    if (depth === 2) chapters.push({ heading: text, below: [] });
    if (depth === 3 && path !== INDEX) chapters.at(-1)?.below.push(text);
  }
  const item = (heading: string, below: readonly string[]): string => {
    // Beside one another the words that all headings of a chapter begin with say nothing.
    const name = heading.replace(/^(Event|Entry|Content of|Type) (?=`)/, '').replaceAll('`', '');
    const inner = below.length > 0 ? list(below.map(each => item(each, []))) : '';
    return `<li><a href="#${slug(heading)}">${name}</a>${inner}</li>`;
  };
  return `<div class="contents">${list(chapters.map(({ heading, below }) => item(heading, below)))}</div>`;
}

function list(items: readonly string[]): string {
  return `<ul>\n${items.join('\n')}\n</ul>\n`;
}
