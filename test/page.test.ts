import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { app, mm, url } from './support/service';

async function open(path: string, type: RegExp): Promise<{ body: string; headers: Headers }> {
  const response = await fetch(url() + path);
  const body = await response.text();
  assert.equal(response.status, 200, path);
  assert.match(response.headers.get('content-type') ?? '', type, path);
  return { body, headers: response.headers };
}

describe('the page', () => {
  afterEach(() => {
    mm.restore();
  });

  it('is served with everything it loads', async () => {
    const { body } = await open('/', /^text\/html/);
    const loaded = Array.from(body.matchAll(/(?:src|href)="(\/[^"]+)"/g), ([, path]) => path);
    assert.deepEqual([...new Set(loaded)].sort(), ['/public/icon.svg', '/public/main.mjs', '/public/style.css']);
    await open('/public/icon.svg', /^image\/svg/);
    await open('/public/style.css', /^text\/css/);
  });

  it('is served with every module that its modules import, the Socket.IO client included', async () => {
    const files = readdirSync(join(app.baseDir, 'app/public')).filter(name => name.endsWith('.mjs'));
    const imported = new Set<string>();
    for (const file of files) {
      const { body } = await open(`/public/${file}`, /javascript/);
      for (const [, path] of body.matchAll(/^import .* from '([^']+)'/gm)) {
        imported.add(new URL(path, `${url()}/public/`).pathname);
      }
    }
    assert(imported.has('/socket.io/socket.io.esm.min.js'));
    for (const path of imported) await open(path, /javascript/);
  });

  it('may load and run only what this server serves', async () => {
    const { body } = await open('/', /^text\/html/);
    assert.doesNotMatch(body, /<script(?![^>]* src=)| style=| on[a-z]+=|https?:/);
  });

  for (const path of ['/', '/docs', '/docs/reference/sync', '/public/index.html', '/public/main.mjs', '/nothing']) {
    it(`has, as ${path} has, the headers that keep browsers to that`, async () => {
      const { headers } = await fetch(url() + path);
      const policy = (headers.get('content-security-policy') ?? '').split('; ');
      for (const each of ["default-src 'none'", "script-src 'self'", "media-src 'self'", "frame-ancestors 'none'"]) {
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
