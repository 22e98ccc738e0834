import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { openContext, takeOffences } from '../support/page';
import { people, person, text, type Person } from '../support/person';
import { app, mm, url } from '../support/service';

const servers: Server[] = [];

afterEach(() => {
  mm.restore();
  for (const server of servers.splice(0)) server.close();
});

/** A site with users of its own, whose server logs them in: the visitor is this person here. */
async function siteOf(visitor: Person | undefined, agent: Person): Promise<string> {
  const options = `{ user: 'visitor-7', with: { userId: '${agent.id}' }, label: 'Ask us',
    session: () => fetch('/session', { method: 'POST' }).then(answer => answer.json()) }`;
  const html = `<!doctype html><title>A shop</title><h1>Teapots</h1>
    <script src="${url()}/embed.js"></script><script>window.chat = EggIm.chat(${options})</script>`;
  const server = createServer((request, response) => {
    if (request.url !== '/session') return response.setHeader('content-type', 'text/html').end(html);
    void visitor?.login({ platform: 'web' }).then(({ session }) => response.end(JSON.stringify(session)));
    if (!visitor) response.writeHead(401).end();
  });
  servers.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const allow = (...origins: string[]) => mm(app.config.im, 'embedOrigins', origins);

async function visit(site: string): Promise<Page> {
  const page = await (await openContext()).newPage();
  await page.goto(site);
  await page.getByRole('button', { name: 'Ask us' }).click();
  return page;
}

describe('a chat button on another site', () => {
  it('opens the conversation with whom the site says, and counts what is unread', async () => {
    const [visitor, agent] = [await person({ name: 'A visitor' }), await person({ name: 'Support' })];
    const site = await siteOf(visitor, agent);
    allow(site);
    const page = await visit(site);
    const frame = page.frameLocator('iframe');
    await frame.getByRole('textbox', { name: 'Message' }).fill('Do you have green ones?');
    await page.keyboard.press('Enter');
    await frame.getByText('Do you have green ones?').first().waitFor();
    await page.keyboard.press('Escape');
    await page.locator('iframe').waitFor({ state: 'hidden' });
    await agent.ask('message.send', { body: { to: { userId: visitor.id }, ...text('Two of them') } });
    await page.getByRole('button', { name: 'Ask us' }).getByText('1').waitFor();
    await page.getByRole('button', { name: 'Ask us' }).click();
    await frame.getByText('Two of them').first().waitFor();
    await page.getByRole('button', { name: 'Ask us' }).getByText('1').waitFor({ state: 'hidden' });
    await page.evaluate('chat.remove()');
    assert.equal(await page.getByRole('button', { name: 'Ask us' }).count(), 0);
  });

  it('says so where the site has nobody logged in', async () => {
    const page = await visit(await siteOf(undefined, await person()).then(site => (allow(site), site)));
    await page.frameLocator('iframe').getByText('The chat is not available at the moment').waitFor();
  });

  it('shows nothing on a site that may not', async () => {
    const [visitor, agent] = await people(2);
    allow('https://another.example');
    const site = await siteOf(visitor, agent);
    const page = await (await openContext()).newPage();
    await page.goto(site);
    const refused = page.waitForEvent('console', message => message.text().includes('frame-ancestors'));
    await page.getByRole('button', { name: 'Ask us' }).click();
    await refused;
    assert.equal(takeOffences().length, 1);
    assert.equal(await page.frameLocator('iframe').getByRole('textbox').count(), 0);
    const { headers } = await fetch(`${url()}/embed`);
    assert.match(headers.get('content-security-policy')!, /frame-ancestors https:\/\/another\.example$/);
    assert.equal(headers.get('x-frame-options'), null);
  });

  it('is not to be had where no site may', async () => {
    allow();
    assert.equal((await fetch(`${url()}/embed`)).status, 404);
  });
});
