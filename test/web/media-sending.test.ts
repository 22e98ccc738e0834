import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { assertAccessible, openPage } from '../support/page';
import { people, text, type Person } from '../support/person';
import { noise, plain, videoWebm } from '../support/samples';
import { app, mm } from '../support/service';

const MB = 1 << 20;

const picture = (width = 800, height = 600) => plain(width, height).jpeg().toBuffer();

/** Two people who have written to one another, and the page of the first. */
async function writing(options: { microphone?: boolean } = {}) {
  const [ann, ben] = await people(2);
  const { conversationId } = await ann.call('message.send', { to: { userId: ben.id }, ...text('one') });
  const page = await openPage(ann, { ...options, path: `/c/${conversationId}` });
  await page.locator('[data-state=sent], [data-state=delivered]').waitFor();
  return { ann, ben, conversationId, page };
}

/** What somebody has been sent but the first word. */
async function received(ben: Person, conversationId: string): Promise<Record<string, unknown>[]> {
  const { data } = await ben.page('message.index', { id: conversationId });
  return data.slice(1).map(({ type, content }) => ({ ...content, type }));
}

/** Drops or pastes a file, as a browser tells of it. */
async function give(page: Page, how: 'drop' | 'paste', content: Buffer, name: string): Promise<void> {
  await page.evaluate(`{
    const bytes = Uint8Array.from(atob('${content.toString('base64')}'), each => each.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], '${name}', { type: 'image/jpeg' }));
    const options = { bubbles: true, cancelable: true, dataTransfer: data, clipboardData: data };
    globalThis.tell = name => document.querySelector('textarea').dispatchEvent(
      name === 'paste' ? new ClipboardEvent(name, options) : new DragEvent(name, options));
    tell('${how === 'drop' ? 'dragenter' : 'paste'}');
  }`);
  if (how === 'paste') return;
  await page.getByText('Drop to send here').waitFor();
  await page.evaluate(`{ tell('dragover'); tell('drop'); }`);
}

const dialog = (page: Page) => page.getByRole('dialog');
const sendAll = (page: Page) => dialog(page).getByRole('button', { name: 'Send' }).click();
const arrived = (page: Page, count: number) =>
  page
    .locator('[data-state=sent], [data-state=delivered]')
    .nth(count - 1)
    .waitFor();

describe('media that are sent from the page', () => {
  it('are chosen, looked at before, and left out again', async () => {
    const { ben, conversationId, page } = await writing();
    const [pictures, files] = await page.locator('input[type=file]').all();
    await page.getByRole('button', { name: 'Attach' }).click();
    await page.getByRole('menuitem', { name: 'Picture or video' }).waitFor();
    await page.keyboard.press('Escape');
    await pictures.setInputFiles([
      { name: 'hills.jpg', mimeType: 'image/jpeg', buffer: await picture() },
      { name: 'not this.jpg', mimeType: 'image/jpeg', buffer: await picture(100, 100) },
    ]);
    await dialog(page).getByText('Send 2 files').waitFor();
    await dialog(page).getByText('not this.jpg').waitFor();
    await assertAccessible(page);
    await dialog(page).getByRole('button', { name: 'Remove not this.jpg' }).click();
    await sendAll(page);
    await files.setInputFiles({ name: 'as a file.jpg', mimeType: 'image/jpeg', buffer: await picture() });
    await sendAll(page);
    await arrived(page, 3);
    const all = await received(ben, conversationId);
    assert.deepEqual(
      all.map(({ type, name }) => [type, name]),
      [
        ['image', 'hills.jpg'],
        ['file', 'as a file.jpg'],
      ],
    );
  });

  it('are pasted and dropped', async () => {
    const { ben, conversationId, page } = await writing();
    for (const how of ['paste', 'drop'] as const) {
      await give(page, how, await picture(), `${how}.jpg`);
      await dialog(page).getByText(`${how}.jpg`).waitFor();
      await sendAll(page);
    }
    await arrived(page, 3);
    const all = await received(ben, conversationId);
    assert.deepEqual(
      all.map(({ type, name }) => [type, name]),
      [
        ['image', 'paste.jpg'],
        ['image', 'drop.jpg'],
      ],
    );
  });

  it('are refused before they are sent when they are too large, and pictures are scaled down', async () => {
    const buffer = await noise(1600, 1200).png().toBuffer();
    const { mediaMaxBytes } = app.config.im;
    mm(app.config.im, 'mediaMaxBytes', { ...mediaMaxBytes, image: MB });
    assert(buffer.length > MB);
    const { ben, conversationId, page } = await writing();
    await page.locator('input[type=file]').first().setInputFiles({ name: 'big.png', mimeType: 'image/png', buffer });
    await dialog(page).getByText('Too large: 1 MB at most').waitFor();
    assert(await dialog(page).getByRole('button', { name: 'Send' }).isDisabled());
    await assertAccessible(page);
    await dialog(page).getByRole('button', { name: 'Scale down' }).click();
    await dialog(page).getByText('big.jpg').waitFor();
    await sendAll(page);
    await arrived(page, 2);
    const [{ type, size }] = await received(ben, conversationId);
    assert.equal(type, 'image');
    assert(Number(size) <= MB);
  });

  it('outlive a lost connection and a reload, and are sent once', async () => {
    const { ben, conversationId, page } = await writing();
    await page.context().setOffline(true);
    await page.getByText('No connection').first().waitFor();
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles({ name: 'later.jpg', mimeType: 'image/jpeg', buffer: await picture() });
    await sendAll(page);
    await page.getByRole('button', { name: /Do not send/ }).waitFor();
    await page.locator('.loaded img[src^="blob:"]').waitFor();
    await page.context().setOffline(false);
    // In the middle of it, or before it.
    await page.reload();
    await arrived(page, 2);
    assert.deepEqual(
      (await received(ben, conversationId)).map(({ name }) => name),
      ['later.jpg'],
    );
  });

  it('are given up while they are on their way', async () => {
    const { ben, conversationId, page } = await writing();
    await page.context().setOffline(true);
    await page.getByText('No connection').first().waitFor();
    await page
      .locator('input[type=file]')
      .nth(1)
      .setInputFiles({ name: 'never.txt', mimeType: 'text/plain', buffer: Buffer.from('never') });
    await sendAll(page);
    await page.getByRole('button', { name: /Do not send/ }).click();
    await page.getByText('never.txt', { exact: true }).waitFor({ state: 'detached' });
    await page.context().setOffline(false);
    assert.deepEqual(await received(ben, conversationId), []);
  });
});

describe('files on their way from the page', () => {
  it('say how far they are, and are ended there', async () => {
    const { ben, conversationId, page } = await writing();
    let goOn = (): void => undefined;
    const mayGoOn = new Promise<void>(resolve => (goOn = resolve));
    let parts = 0;
    await page.route('**/api/v1/uploads/*', async route => {
      if (route.request().method() === 'PATCH' && ++parts > 1) await mayGoOn;
      // Given up by the page meanwhile.
      await route.continue().catch(() => undefined);
    });
    const buffer = Buffer.alloc(1.25 * MB, 'x');
    const files = page.locator('input[type=file]').nth(1);
    await files.setInputFiles({ name: 'long.txt', mimeType: 'text/plain', buffer });
    await sendAll(page);
    await page.getByRole('button', { name: 'Do not send (40 % done)' }).click();
    await page.getByText('long.txt', { exact: true }).waitFor({ state: 'detached' });
    goOn();
    await files.setInputFiles({ name: 'short.txt', mimeType: 'text/plain', buffer: Buffer.from('short') });
    await sendAll(page);
    await arrived(page, 2);
    const all = await received(ben, conversationId);
    assert.deepEqual(
      all.map(({ name }) => name),
      ['short.txt'],
    );
  });

  it('say why they are refused, and are sent again or discarded', async () => {
    const { ann, ben, conversationId, page } = await writing();
    await ben.call('block.create', { userId: ann.id });
    const files = page.locator('input[type=file]').nth(1);
    for (const name of ['once more.txt', 'never.txt']) {
      await files.setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(name) });
      await sendAll(page);
      await page.getByRole('alert').filter({ hasText: 'Not sent.' }).last().waitFor();
    }
    await page.getByRole('button', { name: 'Discard' }).nth(1).click();
    await page.getByText('never.txt', { exact: true }).waitFor({ state: 'detached' });
    await ben.call('block.remove', { userId: ann.id });
    await page.getByRole('button', { name: 'Send again' }).click();
    await arrived(page, 2);
    const all = await received(ben, conversationId);
    assert.deepEqual(
      all.map(({ name }) => name),
      ['once more.txt'],
    );
  });

  it('have a picture of the film that they are', async () => {
    const { ben, conversationId, page } = await writing();
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles({ name: 'film.webm', mimeType: 'video/webm', buffer: videoWebm() });
    await dialog(page).locator('img.picture').waitFor();
    await sendAll(page);
    await arrived(page, 2);
    const [{ type, thumbnailUrl, width, height }] = await received(ben, conversationId);
    assert.deepEqual([type, width, height], ['video', 64, 48]);
    assert.match(String(thumbnailUrl), /^\/media\//);
    await page.locator('.loaded img').waitFor();
  });
});

describe('a voice on the page', () => {
  it('is recorded as long as the button is held, and discarded above the basket', async () => {
    const { ben, conversationId, page } = await writing({ microphone: true });
    const record = page.getByRole('button', { name: 'Record a voice message' });
    const hold = async () => {
      await record.hover();
      await page.mouse.down();
      await page.getByRole('timer').getByText('0:01').waitFor();
    };
    await hold();
    await page.getByRole('button', { name: 'Discard the recording' }).hover();
    await page.mouse.up();
    await page.getByRole('timer').waitFor({ state: 'detached' });
    await hold();
    await page.mouse.move(640, 300);
    await page.mouse.up();
    await arrived(page, 2);
    assert.deepEqual(
      (await received(ben, conversationId)).map(({ type }) => type),
      ['voice'],
    );
  });

  it('is recorded, discarded, and sent', async () => {
    const { ben, conversationId, page } = await writing({ microphone: true });
    const record = page.getByRole('button', { name: 'Record a voice message' });
    await record.click();
    await page.getByRole('timer').getByText('0:01').waitFor();
    await assertAccessible(page);
    await page.getByRole('button', { name: 'Discard the recording' }).click();
    await record.press('Enter');
    await page.getByRole('timer').getByText('0:01').waitFor();
    await page.getByRole('button', { name: 'Send the recording' }).click();
    await arrived(page, 2);
    const [{ type, duration }] = await received(ben, conversationId);
    assert.equal(type, 'voice');
    assert(Number(duration) > 0.4, `${duration} seconds`);
  });

  it('is not recorded where the microphone is refused, and that is said', async () => {
    const { page } = await writing();
    await page.getByRole('button', { name: 'Record a voice message' }).click();
    await page.getByText('The microphone may not be used.').waitFor();
    await page.getByRole('textbox', { name: 'Write a message' }).waitFor();
  });
});
