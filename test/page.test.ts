import assert from 'node:assert/strict';
import { request } from 'node:http';
import { app, mm, url } from './support/service';

async function open(path: string, type: RegExp): Promise<{ body: string; headers: Headers }> {
  const response = await fetch(url() + path);
  const body = await response.text();
  assert.equal(response.status, 200, path);
  assert.match(response.headers.get('content-type') ?? '', type, path);
  return { body, headers: response.headers };
}

/** What is answered, as it comes: `fetch` would unpack it. */
function headersOf(path: string, encoding: string): Promise<NodeJS.Dict<string | string[]>> {
  return new Promise((resolve, reject) => {
    const asked = request(url() + path, { headers: { 'accept-encoding': encoding } }, answer => {
      answer.resume();
      resolve(answer.headers);
    });
    asked.on('error', reject).end();
  });
}

const types: Readonly<Record<string, RegExp>> = {
  js: /javascript/,
  css: /^text\/css/,
  svg: /^image\/svg/,
  png: /^image\/png/,
  webmanifest: /^application\/manifest\+json/,
};

async function loaded(): Promise<string[]> {
  const { body } = await open('/', /^text\/html/);
  return Array.from(body.matchAll(/(?:src|href)="(\/[^"]+)"/g), ([, path]) => path);
}

describe('the page', () => {
  afterEach(() => {
    mm.restore();
  });

  it('is served with everything it loads', async () => {
    const paths = await loaded();
    assert(paths.some(each => each.endsWith('.js')) && paths.some(each => each.endsWith('.css')));
    for (const path of paths) {
      const [, end = ''] = /\.(\w+)$/.exec(path) ?? [];
      await open(path, types[end] ?? /^$/);
    }
  });

  it('can be installed, and has a worker of the browser that keeps every file of it', async () => {
    const { body, headers } = await open('/manifest.webmanifest', types.webmanifest);
    const { display, icons } = JSON.parse(body) as { display: string; icons: { src: string; sizes: string }[] };
    assert.deepEqual([display, icons.map(each => each.sizes)], ['standalone', ['192x192', '512x512']]);
    for (const { src } of icons) await open(src, types.png);
    const worker = await open('/worker.js', types.js);
    for (const each of [headers, worker.headers]) assert.equal(each.get('cache-control'), 'no-cache');
    const [, files] = /const FILES = (.*);/.exec(worker.body)!;
    const kept = JSON.parse(files) as string[];
    for (const path of await loaded()) assert(kept.includes(path), path);
    for (const path of kept) assert.equal((await fetch(url() + path)).status, 200, path);
  });

  it('is asked for each time, and what it loads once for all', async () => {
    const { headers } = await open('/', /^text\/html/);
    assert.equal(headers.get('cache-control'), 'no-cache');
    for (const path of (await loaded()).filter(each => each.startsWith('/assets/'))) {
      assert.equal((await headersOf(path, ''))['cache-control'], 'public, max-age=31536000, immutable');
    }
  });

  it('is served as small as the browser takes it', async () => {
    const [path] = (await loaded()).filter(each => each.endsWith('.js'));
    const [br, gzip, plain] = await Promise.all(['gzip, deflate, br', 'gzip', ''].map(each => headersOf(path, each)));
    assert.deepEqual(
      [br, gzip, plain].map(each => each['content-encoding']),
      ['br', 'gzip', undefined],
    );
    assert(Number(br['content-length']) < Number(gzip['content-length']));
    assert(Number(gzip['content-length']) < Number(plain['content-length']));
    for (const each of [br, gzip, plain]) {
      assert.match(String(each['content-type']), /javascript/);
      assert.match(String(each.vary), /accept-encoding/i);
    }
  });

  for (const path of ['/assets/nothing.js', '/assets/..%2findex.html', '/assets/%00', '/assets/%']) {
    it(`refuses ${path} as any other address of nothing`, async () => {
      const response = await fetch(url() + path);
      assert(response.status >= 400 && response.status < 500, String(response.status));
      const { error } = (await response.json()) as { error: { code: string } };
      assert(['NOT_FOUND', 'FORBIDDEN', 'INVALID_INPUT'].includes(error.code), error.code);
    });
  }

  it('may load and run only what this server serves', async () => {
    const { body } = await open('/', /^text\/html/);
    assert.doesNotMatch(body, /<script(?![^>]* src=)| style=| on[a-z]+=|https?:/);
  });

  for (const path of ['/', '/docs', '/docs/reference/sync', '/public/docs.mjs', '/nothing']) {
    it(`has, as ${path} has, the headers that keep browsers to that`, async () => {
      const { headers } = await fetch(url() + path);
      const policy = (headers.get('content-security-policy') ?? '').split('; ');
      for (const each of [
        "default-src 'none'",
        "script-src 'self'",
        "media-src 'self' blob:",
        "frame-ancestors 'none'",
      ]) {
        assert(policy.includes(each), each);
      }
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.equal(headers.get('x-frame-options'), 'DENY');
      assert.equal(headers.get('referrer-policy'), 'no-referrer');
      assert.match(headers.get('cache-control') ?? '', /^no-cache$|max-age=0/);
    });
  }

  it('tells the demo accounts where one develops', async () => {
    const { body } = await open('/', /^text\/html/);
    const [, told] = /<meta name="demo" content="([^"]+)"/.exec(body) ?? [];
    const { accounts } = JSON.parse(decodeURIComponent(told)) as { accounts: { account: string }[] };
    assert.deepEqual(
      accounts.map(({ account }) => account),
      ['alice', 'bob', 'carol'],
    );
  });

  it('does not tell them in production', async () => {
    mm(app.config, 'env', 'prod');
    const { body } = await open('/', /^text\/html/);
    assert.doesNotMatch(body, /<meta name="demo"|egg-im-demo|alice/i);
  });
});
