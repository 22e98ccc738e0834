import assert from 'node:assert/strict';
import { mm } from 'egg-mock/bootstrap';
import type { Message } from '../../app/schema/message';
import { people, text, type Person } from '../support/person';
import { app } from '../support/service';

const BYTES = 4000;
const WORDS = 'x'.repeat(900);

/** Two users, and this many messages of a kilobyte between them. */
async function talk(howMany: number): Promise<{ ann: Person; bob: Person; conversationId: string }> {
  const [ann, bob] = await people(2);
  let conversationId = '';
  for (let index = 0; index < howMany; index++) {
    ({ conversationId } = await ann.ask('message.send', { body: { to: { userId: bob.id }, ...text(WORDS) } }));
  }
  return { ann, bob, conversationId };
}

const seqsOf = (messages: readonly Message[]) => messages.map(each => each.seq);

describe('a page that holds much', () => {
  beforeEach(() => mm(app.config.im, 'pageBytes', BYTES));

  it('of history ends before its limit and says where the next one begins, backwards', async () => {
    const { bob, conversationId } = await talk(10);
    const found: number[] = [];
    for (let before: number | undefined; ;) {
      const page = await bob.callPage('message.index', { conversationId, ...(before && { before }), limit: 200 });
      assert.ok(JSON.stringify(page.data).length <= BYTES + page.data.length);
      assert.ok(page.data.length > 0);
      found.unshift(...seqsOf(page.data));
      if (!page.nextCursor) break;
      before = Number(page.nextCursor);
    }
    assert.deepEqual(found, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('of history says so forwards too', async () => {
    const { bob, conversationId } = await talk(10);
    const found: number[] = [];
    for (let after = 2; ;) {
      const page = await bob.callPage('message.index', { conversationId, after, limit: 200 });
      found.push(...seqsOf(page.data));
      if (!page.nextCursor) break;
      after = Number(page.nextCursor);
    }
    assert.deepEqual(found, [3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('of a stream ends early and says that there is more, by socket and by REST', async () => {
    const { bob } = await talk(10);
    const client = await bob.connect();
    const places: number[] = [];
    for (let after = 0; ;) {
      const page = await client.call('sync.pull', { after, limit: 500 });
      assert.deepEqual(await bob.call('sync.pull', { after, limit: 500 }), page);
      assert.ok(JSON.stringify(page.entries).length <= BYTES + page.entries.length);
      places.push(...page.entries.map(each => each.syncSeq));
      assert.equal(page.hasMore, places.at(-1) !== page.head);
      if (!page.hasMore) break;
      after = places.at(-1)!;
    }
    assert.deepEqual(places, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('is sent to a device that comes back no longer than that', async () => {
    const { bob } = await talk(10);
    const client = await bob.connect({ after: 0 });
    const { entries } = await client.first('sync:push');
    assert.deepEqual(
      entries.map(each => each.syncSeq),
      [1, 2, 3],
    );
  });

  it('has one item even when that alone is longer', async () => {
    const { bob, conversationId } = await talk(3);
    mm(app.config.im, 'pageBytes', 100);
    const page = await bob.callPage('message.index', { conversationId, limit: 200 });
    assert.deepEqual([seqsOf(page.data), page.nextCursor], [[3], '3']);
    const { entries, hasMore } = await bob.call('sync.pull', { after: 1 });
    assert.deepEqual([entries.map(each => each.syncSeq), hasMore], [[2], true]);
  });

  it('of the list of conversations and of stars goes on where it ended', async () => {
    const [ann, ...others] = await people(8);
    const expected: string[] = [];
    for (const other of others) {
      const sent = await other.ask('message.send', { body: { to: { userId: ann.id }, ...text(WORDS) } });
      await ann.call('message.star', { conversationId: sent.conversationId, seq: 1, starred: true });
      expected.unshift(sent.conversationId);
    }
    const listed: string[] = [];
    const starred: string[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await ann.callPage('conversation.index', { ...(cursor && { cursor }), limit: 200 });
      assert.ok(page.data.length < 5);
      listed.push(...page.data.map(each => each.id));
      if (!(cursor = page.nextCursor)) break;
    }
    for (let cursor: string | undefined; ;) {
      const page = await ann.callPage('message.stars', { ...(cursor && { cursor }), limit: 200 });
      assert.ok(page.data.length < 5);
      starred.push(...page.data.map(each => each.message.conversationId));
      if (!(cursor = page.nextCursor)) break;
    }
    assert.deepEqual([listed, starred], [expected, expected]);
  });
});
