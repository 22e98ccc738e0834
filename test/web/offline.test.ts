import { until } from 'egg-im-client';
import { Proxy } from '../support/proxy';
import { openContext, openTab } from '../support/page';
import { people, text } from '../support/person';
import { clientOf } from '../support/sdk';
import { url } from '../support/service';

describe('the page without a network', () => {
  it('opens, shows what it has, takes what is written, and sends it once on return', async () => {
    const [ann, ben] = await people(2);
    await ben.ask('message.send', { body: { to: { userId: ann.id }, ...text('Written before') } });
    const bens = await clientOf(ben);
    const { hostname: host, port } = new URL(url());
    const way = new Proxy({ host, port: Number(port) });
    const context = await openContext({ baseURL: `http://127.0.0.1:${way.port}` });
    const page = await openTab(context, ann);
    await page.getByText('Written before').click();
    // The files are kept from now on, and this page is loaded through what keeps them the next time.
    await page.evaluate('navigator.serviceWorker.ready');
    way.cut();
    await page.reload();
    await page.getByText('Written before').first().click();
    await page.getByRole('textbox', { name: 'Message' }).fill('Written without a network');
    await page.keyboard.press('Enter');
    await page.getByText('Written without a network').first().waitFor();
    await ben.ask('message.send', { body: { to: { userId: ann.id }, ...text('Written meanwhile') } });
    await page.reload();
    await page.getByText('Written without a network').first().waitFor();
    way.restore();
    await page.getByText('Written meanwhile').first().waitFor();
    const [{ id: conversationId }] = await until(bens.conversations, each => each[0]?.lastMessage?.seq === 3);
    await until(bens.messages({ conversationId }), each => each.messages.length === 3);
  });
});
