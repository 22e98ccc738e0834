import assert from 'node:assert/strict';
import { openContext, PHONE } from '../support/page';
import { app, mm, url } from '../support/service';

afterEach(mm.restore);

describe('the chat on another site, on a phone', () => {
  it('takes all the screen above its button', async () => {
    mm(app.config.im, 'embedOrigins', [url()]);
    const page = await (await openContext(PHONE)).newPage();
    const site = `<!doctype html><title>A shop</title><script src="${url()}/embed.js" defer></script>`;
    await page.route('**/shop', route => route.fulfill({ contentType: 'text/html', body: `${site}<body>` }));
    await page.goto('/shop');
    await page.evaluate("EggIm.chat({ user: 'visitor', session: () => new Promise(() => undefined) })");
    await page.getByRole('button', { name: 'Chat' }).click();
    const frame = await page.locator('iframe').boundingBox();
    const button = await page.getByRole('button', { name: 'Chat' }).boundingBox();
    assert.ok(frame && button);
    assert.deepEqual([frame.x, frame.y, frame.width], [0, 0, PHONE.width]);
    assert.ok(frame.height > 600 && frame.height <= button.y, `${frame.height} of ${PHONE.height}`);
  });
});
