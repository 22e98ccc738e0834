import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { bubble, field, holds, row, write } from '../support/chat_page';
import { openContext, openPage, openTab } from '../support/page';
import { people, text } from '../support/person';
import { Proxy } from '../support/proxy';
import { url } from '../support/service';

/** Ann, whose page reaches the service by a way that can be cut, and Ben, in the conversation of both. */
async function scene() {
  const [ann, ben] = await people(2);
  const { conversationId } = await ann.call('message.send', { to: { userId: ben.id }, ...text('one') });
  const { hostname: host, port } = new URL(url());
  const way = new Proxy({ host, port: Number(port) });
  const path = `/c/${conversationId}`;
  const page = await openPage(ann, { baseURL: `http://127.0.0.1:${way.port}`, path });
  await bubble(page, 'one').waitFor();
  return { ann, ben, conversationId, way, page, path };
}

const words = (page: Page): Promise<string[]> => page.getByRole('log').locator('.bubble .words').allInnerTexts();
const states = (page: Page): Promise<(string | null)[]> =>
  page.locator('.bubble .state').evaluateAll(all => all.map(each => each.getAttribute('data-state')));

describe('a page that loses its connection', () => {
  it('has each message of both sides once, in one order, with its marks, when it is back', async () => {
    const { ben, way, page, path } = await scene();
    const bens = await openPage(ben, { path });
    await page.locator('[data-state=read]').waitFor();
    way.cut();
    for (const each of ['from Ann', 'and more']) await write(page, each);
    for (const each of ['from Ben', 'and more of him']) await write(bens, each);
    await bens.locator('[data-state=sent]').nth(1).waitFor();
    await page.locator('[data-state=pending]').nth(1).waitFor();
    assert.deepEqual(await words(page), ['one', 'from Ann', 'and more']);
    way.restore();
    await page.locator('[data-state=read]').nth(2).waitFor();
    await bens.locator('[data-state=read]').nth(1).waitFor();
    for (const each of [page, bens]) {
      assert.deepEqual(await words(each), ['one', 'from Ben', 'and more of him', 'from Ann', 'and more']);
    }
    assert.deepEqual(await states(page), ['read', 'read', 'read']);
    assert.deepEqual(await states(bens), ['read', 'read']);
  });

  it('is loaded anew in the middle of all of it, and loses and doubles nothing', async () => {
    const { ben, conversationId, way, page } = await scene();
    way.cut();
    for (const each of ['kept 1', 'kept 2', 'kept 3']) await write(page, each);
    await page.locator('[data-state=pending]').nth(2).waitFor();
    const arriving = (async () => {
      for (let n = 1; n <= 9; n++) await ben.call('message.send', { conversationId, ...text(`arriving ${n}`) });
    })();
    way.restore();
    await page.reload();
    await arriving;
    await bubble(page, 'arriving 9').waitFor();
    await page.locator('.bubble .state:not([data-state=pending])').nth(3).waitFor();
    const { data } = await ben.page('message.index', { id: conversationId });
    assert.equal(data.length, 13);
    assert.deepEqual(
      await words(page),
      data.map(({ content }) => content.text),
    );
    const own = (await words(page)).filter(each => each.startsWith('kept'));
    assert.deepEqual(own, ['kept 1', 'kept 2', 'kept 3']);
  });
});

describe('two tabs of one user', () => {
  it('share what is written, sent and half written, and send nothing twice', async () => {
    const [ann, ben] = await people(2);
    const { conversationId } = await ben.call('message.send', { to: { userId: ann.id }, ...text('one') });
    const path = `/c/${conversationId}`;
    const context = await openContext();
    const [first, second] = [await openTab(context, ann, { path }), await openTab(context, undefined, { path })];
    await bubble(second, 'one').waitFor();
    await field(first).fill('half a word');
    await holds(field(second), 'half a word');
    await write(first, 'a whole one');
    await bubble(second, 'a whole one').waitFor();
    await holds(field(second), '');
    await context.setOffline(true);
    await first.getByText('No connection').first().waitFor();
    await write(first, 'by the first tab');
    await bubble(second, 'by the first tab').waitFor();
    await write(second, 'by the second tab');
    await bubble(first, 'by the second tab').waitFor();
    await context.setOffline(false);
    for (const tab of [first, second]) {
      await tab.locator('[data-state=sent], [data-state=delivered]').nth(2).waitFor();
      assert.deepEqual(await words(tab), ['one', 'a whole one', 'by the first tab', 'by the second tab']);
      await row(tab, 'Pat 1.*by the second tab').waitFor();
    }
    const { data } = await ben.page('message.index', { id: conversationId });
    assert.equal(data.length, 4);
  });
});
