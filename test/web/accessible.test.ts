import assert from 'node:assert/strict';
import { admitAdmin } from '../support/notice';
import { assertAccessible, openContext, openPage, PHONE } from '../support/page';
import { people, text } from '../support/person';
import { play, type Cast } from './pictures/play';
import { chinese, english } from './pictures/story';
import { rooms, Tour } from './pictures/tour';

const walks = [
  ['light, on a desktop, in English', english, { theme: 'light' }],
  ['dark, on a phone, in Chinese', chinese, { theme: 'dark', ...PHONE }],
] as const;

for (const [how, story, options] of walks) {
  describe(`every screen of the page, ${how}`, () => {
    let cast: Cast;

    before(async () => {
      admitAdmin();
      cast = await play(story);
    });

    for (const [room, screens] of Object.entries(rooms)) {
      it(`can be used by those who do not see it, or not well: ${room}`, async function () {
        this.timeout(120_000);
        const tour = new Tour(cast, options);
        const faults: string[] = [];
        for (const screen of screens) {
          const page = await tour.show(screen);
          await assertAccessible(page).catch((error: unknown) => faults.push(`${screen.name}: ${String(error)}`));
        }
        assert.deepEqual(faults, []);
      });
    }
  });
}

describe('the documents', () => {
  for (const options of [{ theme: 'light' }, { theme: 'dark', ...PHONE }] as const) {
    it(`can be read by those who do not see them, or not well: ${options.theme}`, async () => {
      const page = await (await openContext(options)).newPage();
      for (const path of ['/docs', '/docs/reference/messages', '/docs/configuration']) {
        await page.goto(path);
        await assertAccessible(page);
      }
      await page.getByRole('combobox', { name: 'Search' }).fill('message');
      await page.getByRole('option').first().waitFor();
      await assertAccessible(page);
    });
  }

  it('are light or dark as it was chosen in the chat page', async () => {
    const page = await (await openContext({ theme: 'light' })).newPage();
    await page.goto('/docs');
    const ground = () => page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    const light = await ground();
    await page.evaluate("localStorage.setItem('egg-im:theme', 'dark')");
    await page.reload();
    assert.notEqual(await ground(), light);
  });
});

describe('messages that arrive', () => {
  it('are read aloud with their senders while the conversation is open, and those that were there are not', async () => {
    const [ann, ben] = await people(2);
    const { conversationId } = await ben.call('message.send', { to: { userId: ann.id }, ...text('before') });
    const page = await openPage(ann, { path: `/c/${conversationId}` });
    await page.getByRole('log').getByText('before').waitFor();
    const aloud = page.locator('.arrivals');
    await ben.call('message.send', { conversationId, ...text('Are you there?') });
    await aloud.getByText('Pat 1: Are you there?').waitFor({ state: 'attached' });
    assert.equal(await aloud.getAttribute('aria-live'), 'polite');
    await ann.call('message.send', { conversationId, ...text('from elsewhere') });
    await page.getByRole('log').getByText('from elsewhere').waitFor();
    await ben.call('message.send', { conversationId, ...text('Good') });
    await aloud.getByText('Pat 1: Good').waitFor({ state: 'attached' });
    assert.equal(await aloud.innerText(), 'Pat 1: Good');
  });
});
