import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { nextFrame } from '../support/chat_page';
import { assertAccessible, openPage } from '../support/page';
import { people, text, type Person } from '../support/person';
import { app } from '../support/service';

async function many(ann: Person, ben: Person, count: number): Promise<string> {
  const { conversationId } = await ann.call('message.send', { to: { userId: ben.id }, ...text('message 1') });
  for (let n = 2; n <= count; n++) await ann.call('message.send', { conversationId, ...text(`message ${n}`) });
  return conversationId;
}

const bubble = (page: Page, words: string): Locator => page.getByRole('log').getByText(words, { exact: true });

/** Two pictures: what has come is measured as it is painted. */
async function painted(page: Page): Promise<void> {
  await nextFrame(page);
  await nextFrame(page);
}

/** Where a message stands in the window, in pixels. */
async function topOf(page: Page, words: string): Promise<number> {
  const box = await bubble(page, words).boundingBox();
  assert(box);
  return box.y;
}

describe('the history of a conversation on the page', () => {
  it('begins with the first unread message, and leads to the newest', async () => {
    const [ann, ben] = await people(2);
    const conversationId = await many(ann, ben, 140);
    await ben.call('conversation.read', { conversationId, seq: 30 });
    const page = await openPage(ben, { path: `/c/${conversationId}` });
    await page.getByText('New messages').waitFor();
    await bubble(page, 'message 31').waitFor();
    await assertAccessible(page);
    const jump = page.getByRole('button', { name: 'To the newest message' });
    await jump.click();
    await bubble(page, 'message 140').waitFor();
    await jump.waitFor({ state: 'detached' });
    await page.getByRole('link', { name: /Pat 0/ }).getByText('unread message').waitFor({ state: 'detached' });
  });

  it('comes page by page, without a jump of what is being read', async () => {
    const [ann, ben] = await people(2);
    const conversationId = await many(ann, ben, 120);
    const page = await openPage(ann, { path: `/c/${conversationId}` });
    await bubble(page, 'message 120').waitFor();
    const log = page.getByRole('log');
    // Until it is at rest, the list holds on to its end.
    await painted(page);
    // The place of each one is taken before older ones come above it, and looked at again when they have come.
    let tracked = 110;
    let before = await topOf(page, `message ${tracked}`);
    for (; tracked > 20; tracked -= 6) {
      await log.evaluate((element: { scrollBy(x: number, y: number): void }) => element.scrollBy(0, -240));
      const next = bubble(page, `message ${tracked - 6}`);
      await next.waitFor();
      await painted(page);
      const moved = (await topOf(page, `message ${tracked}`)) - before;
      assert(Math.abs(moved - 240) < 2, `message ${tracked} has moved by ${moved}`);
      before = await topOf(page, `message ${tracked - 6}`);
    }
    await log.press('Home');
    await bubble(page, 'message 1').waitFor();
    await page.getByText(/^Today/).waitFor();
  });
  it('has a line for each day, and the time where somebody has paused for a minute', async () => {
    const [ann, ben] = await people(2);
    const conversationId = await many(ann, ben, 5);
    const begun = Date.now() - 2 * 86_400_000;
    for (const [index, seconds] of [0, 59, 119, 120].entries()) {
      const where = { conversationId: Number(conversationId), seq: index + 1 };
      await app.model.Message.update({ sentAt: new Date(begun + seconds * 1000) }, { where });
    }
    const page = await openPage(ann, { path: `/c/${conversationId}` });
    await bubble(page, 'message 5').waitFor();
    const kinds = await page.evaluate<string[]>(
      `[...document.querySelectorAll('p.time, .bubble .words')].map(({ classList }) =>
        classList.contains('day') ? 'day' : classList[0])`,
    );
    assert.deepEqual(kinds, ['day', 'words', 'words', 'time', 'words', 'words', 'day', 'words']);
  });
});
