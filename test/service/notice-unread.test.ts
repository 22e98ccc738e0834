import assert from 'node:assert/strict';
import { admitAdmin, announce, notice, peopleOf, tenant } from '../support/notice';
import { text, type Person } from '../support/person';
import { refused } from '../support/refusal';
import { app, mm, storesNothing } from '../support/service';

beforeEach(admitAdmin);
afterEach(mm.restore);

const totalOf = async (someone: Person) => (await someone.ask('conversation.unread')).total;

describe('the red dot', () => {
  it('counts notices and messages, until they are opened or all is read', async () => {
    const here = tenant();
    const [ann, bob] = await peopleOf(here, 2);
    await announce(notice({ app: here, to: 'all' }));
    await announce(notice({ app: here, to: { userIds: [ann.id] } }));
    await bob.ask('message.send', { body: { to: { userId: ann.id }, ...text('hello') } });
    await announce(notice({ app: here, to: 'all' }));
    assert.deepEqual([await totalOf(ann), await totalOf(bob)], [4, 2]);

    const listed = await ann.ask('conversation.index');
    assert.deepEqual(
      listed.map(({ type, unread }) => [type, unread]),
      [
        ['system', 2],
        ['single', 1],
        ['system', 1],
      ],
    );
    const [{ id: conversationId, lastSeq }] = listed;
    await ann.call('conversation.read', { conversationId, seq: lastSeq });
    assert.equal(await totalOf(ann), 2);
    await ann.ask('conversation.readAll');
    assert.deepEqual([await totalOf(ann), await totalOf(bob)], [0, 2]);

    await ann.call('conversation.update', { conversationId, notify: 'none' });
    await announce(notice({ app: here, to: 'all' }));
    assert.deepEqual(await ann.ask('conversation.unread'), { total: 0, muted: 1, mentioned: false });
  });

  it('counts up to the last place that is shown, which is where the stream has the conversation', async () => {
    const here = tenant();
    const [ann] = await peopleOf(here, 1);
    await announce(notice({ app: here, to: 'all' }));
    const [{ conversationId }] = await announce(notice({ app: here, to: 'all' }));
    const shown = async () => {
      const { lastSeq, unread, lastMessage } = await ann.ask('conversation.show', { id: conversationId });
      return [lastSeq, unread, lastMessage?.seq];
    };
    await totalOf(ann);
    assert.deepEqual(await shown(), [2, 2, 2]);
    // As before it came into the stream of this user.
    await app.model.UserInbox.update({ noticeSeq: 1 }, { where: { userId: Number(ann.id) } });
    assert.deepEqual(await shown(), [1, 1, 1]);
  });

  it('goes with a notice that goes out of date', async () => {
    const here = tenant();
    const [ann] = await peopleOf(here, 1);
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const [{ conversationId }] = await announce(notice({ app: here, to: 'all', title: 'Lasting' }));
    await announce(notice({ app: here, to: 'all', expiresAt }));
    assert.equal(await totalOf(ann), 2);
    // The time comes.
    const where = { conversationId: Number(conversationId), seq: 2 };
    await app.model.Message.update({ expiresAt: new Date(Date.now() - 1) }, { where });
    const [{ unread, lastMessage }] = await ann.ask('conversation.index');
    assert.deepEqual([await totalOf(ann), unread, lastMessage?.content.title], [1, 1, 'Lasting']);
    const history = await ann.ask('message.index', { id: conversationId });
    assert.deepEqual(
      history.map(each => each.seq),
      [1],
    );
  });

  it('takes a deleted conversation of notices away until the next', async () => {
    const here = tenant();
    const [ann] = await peopleOf(here, 1);
    const client = await ann.connect();
    const [{ conversationId }] = await announce(notice({ app: here, to: 'all' }));
    await client.reaches(1);
    await client.call('conversation.remove', { conversationId });
    assert.deepEqual([await totalOf(ann), await ann.ask('conversation.index')], [0, []]);
    await announce(notice({ app: here, to: 'all' }));
    await client.reaches(3);
    const [{ id, unread, lastSeq }] = await ann.ask('conversation.index');
    assert.deepEqual([id, unread, lastSeq], [conversationId, 1, 2]);
    assert.equal((await ann.ask('message.index', { id: conversationId })).length, 1);
  });
});

describe('what users do with a notice', () => {
  it('is theirs alone: they star and delete it for themselves, and the rest is refused', async () => {
    const here = tenant();
    const [ann, bob] = await peopleOf(here, 2);
    const [a, b] = [await ann.connect(), await bob.connect()];
    const [{ conversationId }] = await announce(notice({ app: here, to: 'all' }));
    await Promise.all([a.reaches(1), b.reaches(1)]);
    const place = { conversationId, seq: 1 };
    await storesNothing(async () => {
      await refused(a.call('message.react', { ...place, reaction: '+1', reacted: true }), 'FORBIDDEN');
      await refused(a.call('message.pin', { ...place, pinned: true }), 'FORBIDDEN');
      await refused(a.call('message.recall', place), 'FORBIDDEN');
      await refused(a.call('message.edit', { ...place, content: { text: 'No' } }), 'FORBIDDEN');
      await refused(a.call('message.remove', { conversationId, seqs: [1], for: 'both' }), 'FORBIDDEN');
      await refused(a.call('message.receipts', place), 'FORBIDDEN');
      await refused(a.call('message.readers', { ...place, limit: 10 }), 'FORBIDDEN');
    });
    await a.call('message.star', { ...place, starred: true });
    await a.call('message.remove', { conversationId, seqs: [1], for: 'me' });
    await a.reaches(3);
    assert.deepEqual(await ann.ask('message.index', { id: conversationId }), []);
    assert.equal((await bob.ask('message.index', { id: conversationId })).length, 1);
    assert.equal(b.replica.last, 1);
  });
});
