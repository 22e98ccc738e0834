import assert from 'node:assert/strict';
import { headingsOf } from '../app/documents/links';
import { slug } from '../app/documents/markdown';
import { pages } from '../app/documents/pages';
import type { SearchEntry } from '../app/documents/search_index';
import { titleOf } from '../app/documents/sections';
import { answerTypes, plainTypes } from '../app/documents/types';
import { callNames } from '../app/schema/calls';
import { ERRORS } from '../app/schema/errors';
import { serverEvents } from '../app/schema/events';
import { contents, serverContents } from '../app/schema/content';
import { entries } from '../app/schema/sync';
import { table } from '../config/settings';
import { url } from './support/service';

async function get(path: string, type: RegExp): Promise<{ text: string; headers: Headers }> {
  const response = await fetch(url() + path);
  assert.equal(response.status, 200, path);
  assert.match(response.headers.get('content-type') ?? '', type, path);
  return { text: await response.text(), headers: response.headers };
}

/** The pages as the server gives them, by their address. */
async function htmlPages(): Promise<Map<string, string>> {
  const html = pages.map(async ({ address }) => [address, (await get(address, /^text\/html/)).text] as const);
  return new Map(await Promise.all(html));
}

function addressesIn(html: string, attribute: 'href' | 'src'): string[] {
  return [...html.matchAll(new RegExp(`${attribute}="([^"]+)"`, 'g'))].map(([, address]) => address);
}

/** Whether a page has the place that `#anchor` leads to. */
function hasPlace(html: string | undefined, anchor: string): boolean {
  return html?.includes(` id="${anchor}"`) ?? false;
}

describe('the documents of a running server', () => {
  it('are a page each, at an address that says what it is', async () => {
    const html = await htmlPages();
    for (const address of ['/docs', '/docs/reference', '/docs/reference/messages', '/docs/configuration']) {
      assert.ok(html.has(address), address);
    }
    assert.equal((await get('/docs/reference/', /^text\/html/)).text, html.get('/docs/reference'));
    for (const { address, title, markdown } of pages) {
      assert.ok(html.get(address)?.includes(`<title>${title} · egg-im</title>`), address);
      for (const heading of headingsOf(markdown)) {
        assert.ok(hasPlace(html.get(address), slug(heading)), `${address}: ${heading}`);
      }
    }
  });

  it('answer with NOT_FOUND where there is no page', async () => {
    for (const path of ['/docs/nothing', '/docs/reference/nothing', '/docs/protocol.md']) {
      const response = await fetch(url() + path);
      assert.equal(response.status, 404, path);
      assert.equal(((await response.json()) as { error: { code: string } }).error.code, 'NOT_FOUND');
    }
  });

  it('may load and run only what this server serves, as the page at /', async () => {
    const names = ['content-security-policy', 'referrer-policy', 'cache-control', 'x-content-type-options'];
    const headersOf = async (path: string) => {
      const { headers } = await get(path, /^text\/html/);
      return names.map(name => headers.get(name));
    };
    const expected = await headersOf('/');
    assert.ok(expected[0]?.split('; ').includes("script-src 'self'"));
    for (const { address } of pages) assert.deepEqual(await headersOf(address), expected, address);
    for (const html of (await htmlPages()).values()) {
      assert.doesNotMatch(html, /<script(?![^>]* src=)|<style| style=| on[a-z]+="|<iframe/);
      const loaded = addressesIn(html, 'src');
      assert.deepEqual(loaded, ['/public/docs.mjs', '/public/icon.svg']);
    }
    await get('/public/docs.mjs', /javascript/);
    await get('/public/docs.css', /^text\/css/);
  });

  it('lead to places that exist', async () => {
    const html = await htmlPages();
    const elsewhere = new Set<string>();
    for (const [from, page] of html) {
      assert.doesNotMatch(page, /<a [^>]*>(?:(?!<\/a>)[^])*<a /, `${from}: a link within a link`);
      for (const link of addressesIn(page, 'href')) {
        const [address, anchor] = link.split('#');
        if (anchor) assert.ok(hasPlace(html.get(address || from), anchor), `${from}: ${link}`);
        // What is elsewhere in the world is not asked for.
        else if (address.startsWith('/') && !html.has(address)) elsewhere.add(address);
      }
    }
    assert.ok(elsewhere.has('/api/openapi.json') && elsewhere.has('/api/asyncapi.json'));
    for (const address of elsewhere) assert.equal((await fetch(url() + address)).status, 200, address);
  });

  it('are searched by an index that names everything, each with its place', async () => {
    const html = await htmlPages();
    const index = JSON.parse((await get('/docs/search.json', /json/)).text) as SearchEntry[];
    const named = index.map(({ kind, name }) => `${kind} ${name}`);
    const wanted = {
      call: callNames.map(titleOf),
      event: Object.keys(serverEvents),
      entry: Object.keys(entries),
      content: Object.keys({ ...contents, ...serverContents }),
      type: [...answerTypes.keys(), ...plainTypes.keys()],
      error: Object.keys(ERRORS),
      setting: Object.keys(table),
      page: pages.map(({ title }) => title),
    };
    for (const [kind, names] of Object.entries(wanted)) {
      for (const name of names) assert.ok(named.includes(`${kind} ${name}`), `${kind} ${name}`);
    }
    assert.equal(new Set(named).size, named.length, 'something is there twice');
    for (const { name, at } of index) {
      const [address, anchor] = at.split('#');
      assert.ok(anchor ? hasPlace(html.get(address), anchor) : html.has(address), `${name}: ${at}`);
    }
  });
});
