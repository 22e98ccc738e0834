import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { assertAccessible, openPage } from '../support/page';
import { people, text, type Person } from '../support/person';
import { noise, plain } from '../support/samples';
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

describe('a voice on the page', () => {
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
