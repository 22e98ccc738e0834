/** The documents: a search that needs no server but for its index, and a menu that shows where one is. */

const MOST = 40;
/** How good a match is: the less, the better. */
const WHOLE = 0;
const WORD = 1;
const BEGINNING = 2;
const WORD_BEGINNING = 3;
const WITHIN = 4;
const BESIDE = 6;
const ABOUT = 9;
/** A heading above this line has been reached. */
const TOP_PIXELS = 120;

/** As it was chosen in the chat page; else, and where the browser keeps nothing, the style follows the system. */
function chosenTheme() {
  try {
    return localStorage.getItem('egg-im:theme') ?? '';
  } catch {
    return '';
  }
}
document.documentElement.dataset.theme = chosenTheme();

const box = document.querySelector('search');
const input = document.getElementById('search');
const found = document.getElementById('found');
const count = document.getElementById('count');

/** @typedef {{ kind: string, name: string, about: string, at: string, also?: string }} Entry */

/** @type {Promise<Entry[] | undefined> | undefined} */
let index;
let chosen = 0;

/** Fetched when somebody begins to search, once; after a failure again with the next letter. */
function load() {
  index ??= fetch('/docs/search.json')
    .then(answer => (answer.ok ? answer.json() : Promise.reject(new Error(answer.statusText))))
    .catch(() => (index = undefined));
  return index;
}

/** @param {Entry} entry @param {string} word in lower case */
function distance({ name, about, also = '' }, word) {
  const lower = name.toLowerCase();
  const words = lower.split(/[^a-z0-9]+/);
  if (lower === word) return WHOLE;
  if (words.includes(word)) return WORD;
  if (lower.startsWith(word)) return BEGINNING;
  if (words.some(each => each.startsWith(word))) return WORD_BEGINNING;
  if (lower.includes(word)) return WITHIN;
  if (also.toLowerCase().includes(word)) return BESIDE;
  return about.toLowerCase().includes(word) ? ABOUT : Infinity;
}

/** Entries that have all the words, the best first, those that are equally good in the order of the index. */
function search(entries, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return entries
    .map(entry => ({ entry, rank: words.reduce((sum, word) => sum + distance(entry, word), 0) }))
    .filter(({ rank }) => rank < Infinity)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MOST)
    .map(({ entry }) => entry);
}

function make(tag, className, text) {
  return Object.assign(document.createElement(tag), { className, textContent: text });
}

/** @param {Entry} entry @param {number} place */
function optionOf({ kind, name, about, at, also }, place) {
  const option = Object.assign(make('a', '', ''), { href: at, id: `found-${place}`, role: 'option', tabIndex: -1 });
  const words = [also === name ? '' : also, about].filter(Boolean).join(' · ');
  const isProse = kind === 'page' || kind === 'chapter';
  option.append(make('span', 'kind', kind), make(isProse ? 'span' : 'code', '', name), make('span', 'about', words));
  return option;
}

function choose(place) {
  const options = found.querySelectorAll('a');
  chosen = Math.max(0, Math.min(place, options.length - 1));
  options.forEach((option, at) => option.setAttribute('aria-selected', String(at === chosen)));
  options[chosen]?.scrollIntoView({ block: 'nearest' });
  if (options.length > 0) input.setAttribute('aria-activedescendant', `found-${chosen}`);
  else input.removeAttribute('aria-activedescendant');
}

function show(open) {
  found.hidden = !open;
  input.setAttribute('aria-expanded', String(open));
  if (!open) input.removeAttribute('aria-activedescendant');
}

async function draw() {
  const text = input.value.trim();
  const entries = await load();
  // Meanwhile something else may have been typed.
  if (text !== input.value.trim()) return;
  if (!text) return show(false);
  const options = search(entries ?? [], text).map(optionOf);
  const why = entries ? 'Nothing has these words.' : 'The index can not be loaded at the moment.';
  found.replaceChildren(...(options.length > 0 ? options : [make('p', 'about', why)]));
  count.textContent = `${options.length} found`;
  show(true);
  choose(0);
}

/** What keys do in the search box. */
const keys = {
  ArrowDown: () => choose(chosen + 1),
  ArrowUp: () => choose(chosen - 1),
  Enter: () => found.querySelectorAll('a')[chosen]?.click(),
  Escape: () => {
    input.value = '';
    input.blur();
  },
};

box.hidden = false;
input.addEventListener('focus', () => void draw());
input.addEventListener('input', () => void draw());
input.addEventListener('keydown', event => {
  if (!Object.hasOwn(keys, event.key) || event.isComposing) return;
  event.preventDefault();
  keys[event.key]();
});
box.addEventListener('focusout', ({ relatedTarget }) => {
  if (!box.contains(relatedTarget)) show(false);
});
// The box keeps the focus, or the list would be gone before the click is done.
found.addEventListener('mousedown', event => event.preventDefault());
found.addEventListener('click', () => {
  input.value = '';
  input.blur();
  show(false);
});
document.addEventListener('keydown', event => {
  const writes = event.target instanceof HTMLElement && event.target.matches('input, textarea');
  if (event.key !== '/' || writes || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  input.select();
});

const menu = document.getElementById('menu');
/** The links to places of this page, by what they lead to. */
const places = new Map([...menu.querySelectorAll('a[href^="#"]')].map(link => [link.hash.slice(1), link]));
let marked;

menu.addEventListener('click', ({ target }) => {
  // On a narrow screen the menu covers the page that the link leads to.
  if (target.closest('a')) menu.hidePopover();
});

/** Marks in the menu which part of the page is at the top of the screen. */
function mark() {
  const isPassed = id => document.getElementById(id).getBoundingClientRect().top < TOP_PIXELS;
  const here = [...places.keys()].filter(isPassed).at(-1);
  if (here === marked) return;
  places.get(marked)?.removeAttribute('aria-current');
  marked = here;
  places.get(here)?.setAttribute('aria-current', 'location');
  places.get(here)?.scrollIntoView({ block: 'nearest' });
}

addEventListener('scroll', mark, { passive: true });
mark();
