import assert from 'node:assert/strict';
import { openPage, PHONE } from '../support/page';
import { people } from '../support/person';
import { plain } from '../support/samples';

describe("a group's picture on the page", () => {
  it('is cut out and set by who manages it, seen by all, and taken away', async () => {
    const [ann, ben] = await people(2);
    const { id } = await ann.call('group.create', { name: 'Hikers', memberIds: [ben.id] });
    const page = await openPage(ann, { path: `/g/${id}` });
    const bens = await openPage(ben, { ...PHONE, path: `/g/${id}` });
    const buffer = await plain(640, 480).jpeg().toBuffer();
    await page.locator('main input[type=file]').setInputFiles({ name: 'hills.jpg', mimeType: 'image/jpeg', buffer });
    await page.getByRole('dialog').getByRole('slider', { name: 'Closer' }).fill('2');
    await page.getByRole('button', { name: 'Use it' }).click();
    // The server decodes it first.
    await page.getByRole('button', { name: 'Remove the picture' }).waitFor({ timeout: 45_000 });
    await bens.locator('main .avatar img').waitFor();
    await bens.getByRole('button', { name: 'Leave group' }).waitFor();
    assert.equal(await bens.getByRole('button', { name: 'Choose a picture' }).count(), 0);
    await page.getByRole('button', { name: 'Remove the picture' }).click();
    await bens.locator('main .avatar img').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Remove the picture' }).waitFor({ state: 'detached' });
  });
});
