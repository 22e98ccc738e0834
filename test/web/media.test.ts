import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { makeAddressesBy, MediaAddresses } from '../../app/lib/media/address';
import { assertAccessible, openContext, openPage, openTab, PHONE } from '../support/page';
import { people, text, type Person } from '../support/person';
import { noise, videoWebm, voiceWebm } from '../support/samples';
import { app } from '../support/service';
import { upload } from '../support/upload';

const HOUR_MS = 3_600_000;
const FILM = `document.querySelector('video')`;

const picture = (width = 800, height = 600) => noise(width, height).jpeg().toBuffer();

/** Uploads a file, and sends it as what it is. Resolves with the conversation's id. */
async function send(from: Person, to: Person, content: Buffer | string, name: string): Promise<string> {
  const { id: mediaId, kind: type } = await upload(from, { content, name });
  const message = { to: { userId: to.id }, clientMsgId: randomUUID(), type, content: { mediaId } };
  return (await from.call('message.send', message)).conversationId;
}

/** Resolves when so many pictures are there, and seen. */
const seen = (page: Page, count: number) =>
  page
    .locator('.loaded img')
    .nth(count - 1)
    .waitFor();

describe('media on the page', () => {
  it('are shown in the place that is kept for them, each as what it is', async () => {
    const [ann, ben] = await people(2);
    const conversationId = await send(ann, ben, await picture(), 'hills.jpg');
    await send(ann, ben, 'a,b\n1,2\n', 'A table with a rather long name.csv');
    const at = { latitude: 31.2304, longitude: 121.4737, name: 'The Bund', address: 'Zhongshan East 1st Road' };
    for (const [type, content] of [
      ['location', at],
      ['custom', { anything: 1 }],
    ] as const)
      await ann.call('message.send', { conversationId, clientMsgId: randomUUID(), type, content });
    const page = await openPage(ben, { path: `/c/${conversationId}` });
    const frame = page.locator('.frame');
    await frame.locator('canvas, img').first().waitFor();
    const box = await frame.boundingBox();
    assert.deepEqual([box?.width, box?.height], [320, 240]);
    await seen(page, 1);
    await page.getByText('A table with a rather long name.csv', { exact: true }).waitFor();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: /Download/ }).click(),
    ]);
    assert.equal(file.suggestedFilename(), 'A table with a rather long name.csv');
    const map = page.getByRole('link', { name: 'Open a map' });
    assert.match((await map.getAttribute('href')) ?? '', /mlat=31.2304&mlon=121.4737/);
    await page.getByText('[Something that this page can not show]').first().waitFor();
    await assertAccessible(page);
  });

  it('plays voices and films, one at a time', async () => {
    const [ann, ben] = await people(2);
    const conversationId = await send(ann, ben, voiceWebm(), 'voice.webm');
    await send(ann, ben, videoWebm(), 'film.webm');
    const page = await openPage(ben, { path: `/c/${conversationId}` });
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await page.locator('.voice .past').nth(5).waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'Play the video' }).click();
    await page.evaluate(
      `new Promise(done => ${FILM}.addEventListener('timeupdate', done, { once: true })).then(() => 0)`,
    );
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
    await page.getByRole('slider').fill('1');
    assert.match((await page.getByRole('slider').getAttribute('aria-valuetext')) ?? '', /^0:01 of 0:02$/);
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    assert.equal(await page.evaluate(`${FILM}.paused`), true);
    await assertAccessible(page);
  });

  it('go on to the next picture, and are enlarged, by keys', async () => {
    const [ann, ben] = await people(2);
    await send(ann, ben, await picture(640, 480), 'first.jpg');
    const conversationId = await send(ann, ben, await picture(480, 640), 'second.jpg');
    const page = await openPage(ben, { path: `/c/${conversationId}` });
    await page.getByRole('button', { name: 'Open the picture: second.jpg' }).click();
    const shown = page.getByRole('dialog').getByRole('img');
    await page.getByRole('img', { name: 'second.jpg' }).waitFor();
    await page.getByText('2 / 2').waitFor();
    await assertAccessible(page);
    await page.keyboard.press('ArrowLeft');
    await page.getByRole('img', { name: 'first.jpg' }).waitFor();
    await page.keyboard.press('+');
    assert.match((await shown.getAttribute('style')) ?? '', /scale\(1\.5\)/);
    await page.keyboard.press('0');
    await page.mouse.move(640, 400);
    await page.mouse.wheel(0, -400);
    await page.locator('.stage img:not([style*="scale(1)"])').waitFor();
    await shown.dblclick();
    assert.match((await shown.getAttribute('style')) ?? '', /scale\(1\)/);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('dialog').getByRole('button', { name: 'Download' }).click(),
    ]);
    assert.equal(file.suggestedFilename(), 'first.jpg');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('are blurred until they are there, and follow the fingers on a phone', async () => {
    const [ann, ben] = await people(2);
    await send(ann, ben, await picture(640, 480), 'first.jpg');
    const conversationId = await send(ann, ben, await picture(480, 640), 'second.jpg');
    const context = await openContext(PHONE);
    let load = (): void => undefined;
    const mayLoad = new Promise<void>(resolve => (load = resolve));
    await context.route('**/media/**', async route => {
      await mayLoad;
      await route.continue();
    });
    const page = await openTab(context, ben, { path: `/c/${conversationId}` });
    const blurred = page.locator('.frame canvas');
    await blurred.nth(1).waitFor();
    const isPainted = `[...document.querySelector('.frame canvas').getContext('2d').getImageData(0, 0, 32, 32).data].some(Boolean)`;
    assert.equal(await page.evaluate(isPainted), true);
    load();
    await seen(page, 2);
    assert.equal(await blurred.count(), 0);

    await page.getByRole('button', { name: 'Open the picture: second.jpg' }).click();
    await page.getByText('2 / 2').waitFor();
    const fingers = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...at: readonly number[]) =>
      fingers.send('Input.dispatchTouchEvent', { type, touchPoints: at.map((x, id) => ({ x, y: 400, id })) });
    await touch('touchStart', 120);
    for (const x of [160, 220, 300]) await touch('touchMove', x);
    await touch('touchEnd');
    await page.getByText('1 / 2').waitFor();
    const shown = page.getByRole('dialog').getByRole('img', { name: 'first.jpg' });
    await shown.waitFor();
    await touch('touchStart', 150, 240);
    for (const by of [15, 30, 45]) await touch('touchMove', 150 - by, 240 + by);
    await touch('touchEnd');
    const { scale } = /scale\((?<scale>[\d.]+)\)/.exec((await shown.getAttribute('style')) ?? '')?.groups ?? {};
    assert(Math.abs(Number(scale) - 2) < 0.3, `scaled by ${scale}`);
    // What is enlarged is moved, and not left.
    await touch('touchStart', 120);
    for (const x of [160, 220, 300]) await touch('touchMove', x);
    await touch('touchEnd');
    await page.getByText('1 / 2').waitFor();
    assert.match((await shown.getAttribute('style')) ?? '', /translate\((?!0px)/);
  });

  it('are read at new addresses when those that were stored have expired', async () => {
    const [ann, ben] = await people(2);
    const page = await openPage(ben);
    await page.getByText('No chats yet').waitFor();
    const { jwtSecret, mediaUrlSeconds } = app.config.im;
    makeAddressesBy(new MediaAddresses(jwtSecret, mediaUrlSeconds, () => Date.now() - 3 * HOUR_MS));
    const conversationId = await send(ann, ben, await picture(), 'old.jpg');
    await page.getByText('[Picture]').waitFor();
    makeAddressesBy(new MediaAddresses(jwtSecret, mediaUrlSeconds));
    const isRefused = page.waitForResponse(answer => answer.url().includes('/media/') && answer.status() === 403);
    await page.goto(`/#/c/${conversationId}`);
    await isRefused;
    await seen(page, 1);
  });

  it('are in a list of their own when they were forwarded as one', async () => {
    const [ann, ben, cid] = await people(3);
    const conversationId = await send(ann, ben, await picture(), 'hills.jpg');
    await ann.call('message.send', { conversationId, ...text('Look') });
    const from = { conversationId, seqs: [1, 2] };
    await ben.call('message.forward', { from, to: { userId: cid.id }, merged: true, clientMsgIds: [randomUUID()] });
    const page = await openPage(cid);
    await page.getByRole('link', { name: /Pat 1/ }).click();
    await page.getByRole('button', { name: /Chat history.*Pat 0.*2 messages/s }).click();
    await page.getByRole('dialog').getByText('Look', { exact: true }).waitFor();
    await seen(page, 1);
    await assertAccessible(page);
  });
});
