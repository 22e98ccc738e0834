import assert from 'node:assert/strict';
import type { Conversation } from '../../app/schema/conversation';
import type { Client } from '../support/client';
import { groupOf } from '../support/group';
import { people, text, type Person } from '../support/person';
import { messagesOf } from '../support/replica';
import { ageEntries, ageMessages, purge } from '../support/retention';
import { app, count, select } from '../support/service';
import { epoch } from '../support/stream';

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** Ann writes to Bob so many times; each is an entry of its own in his stream. */
async function write(ann: Person, bob: Person, howMany: number): Promise<string> {
  let id = '';
  for (let sent = 0; sent < howMany; sent++) {
    ({ conversationId: id } = await ann.ask('message.send', {
      body: { to: { userId: bob.id }, ...text(`${sent + 1}`) },
    }));
  }
  return id;
}

const streamOf = async ({ id }: Person) => {
  const rows = await select('SELECT sync_seq FROM push_history WHERE receiver_id = :id ORDER BY sync_seq', { id });
  const [inbox] = await select('SELECT first_seq, last_seq FROM user_inbox WHERE user_id = :id', { id });
  return { places: rows.map(row => row.sync_seq), first: inbox.first_seq, head: inbox.last_seq };
};

const acknowledge = (someone: Person, syncSeq: number) => someone.call('sync.ack', { syncSeq });

describe('entries of a stream', () => {
  it('go when every device has acknowledged them and they are a day old', async () => {
    const [ann, bob] = await people(2);
    const laptop = await bob.login();
    await write(ann, bob, 6);
    await acknowledge(bob, 6);
    await acknowledge(laptop, 4);
    await ageEntries(bob.id, 5, 2);
    await purge({ retentionDays: 0 });
    assert.deepEqual(await streamOf(bob), { places: [5, 6], first: 5, head: 6 });

    await acknowledge(laptop, 6);
    await purge({ retentionDays: 0 });
    assert.deepEqual(await streamOf(bob), { places: [6], first: 6, head: 6 }, 'the last one is not a day old');
    assert.deepEqual((await streamOf(ann)).places.slice(0, 6), numbers(1, 6), "Ann's stream is another one");
  });

  it('go after the days they are kept, whoever lacks them', async () => {
    const [ann, bob] = await people(2);
    await write(ann, bob, 4);
    await acknowledge(bob, 1);
    await ageEntries(bob.id, 3, 31);
    await purge({ retentionDays: 0, syncDays: 40 });
    assert.deepEqual((await streamOf(bob)).places, [2, 3, 4]);
    await purge({ retentionDays: 0, syncDays: 30 });
    assert.deepEqual(await streamOf(bob), { places: [4], first: 4, head: 4 });
  });

  it('wait for no device on which nobody is logged in', async () => {
    const [ann, bob] = await people(2);
    const old = await bob.login();
    await write(ann, bob, 3);
    await acknowledge(bob, 3);
    await ageEntries(bob.id, 3, 2);
    await purge({ retentionDays: 0 });
    assert.equal((await streamOf(bob)).places.length, 3);
    await old.call('auth.logout', {});
    await purge({ retentionDays: 0 });
    assert.deepEqual(await streamOf(bob), { places: [], first: 4, head: 3 });
    await write(ann, bob, 1);
    assert.deepEqual(await streamOf(bob), { places: [4], first: 4, head: 4 });
  });

  it('wait for no device that was not seen for longer than a refresh token is good for', async () => {
    const [ann, bob] = await people(2);
    const old = await bob.login();
    await write(ann, bob, 3);
    await acknowledge(bob, 3);
    await ageEntries(bob.id, 3, 2);
    const seen = (secondsAgo: number) =>
      app.model.Device.update(
        { lastSeenAt: new Date(Date.now() - secondsAgo * 1000) },
        { where: { userId: Number(bob.id), deviceId: old.deviceId } },
      );
    const { refreshTtl } = app.config.im;
    await seen(refreshTtl - 600);
    await purge({ retentionDays: 0 });
    assert.equal((await streamOf(bob)).places.length, 3);
    await seen(refreshTtl + 600);
    await purge({ retentionDays: 0 });
    assert.deepEqual(await streamOf(bob), { places: [], first: 4, head: 3 });
  });

  it('of a user who is logged in nowhere go by their age alone', async () => {
    const [ann, bob] = await people(2);
    await write(ann, bob, 3);
    await acknowledge(bob, 3);
    await bob.call('auth.logout', {});
    await ageEntries(bob.id, 2, 29);
    await purge({ retentionDays: 0 });
    assert.equal((await streamOf(bob)).places.length, 3);
    await ageEntries(bob.id, 2, 2);
    await purge({ retentionDays: 0 });
    assert.deepEqual((await streamOf(bob)).places, [3]);
  });

  it('go from a stream of many chunks', async () => {
    const [ann, bob] = await people(2);
    const id = await write(ann, bob, 1);
    const at = new Date(Date.now() - 50 * 86_400_000);
    const common = {
      receiverId: Number(bob.id),
      type: 'message.new',
      conversationId: Number(id),
      fromSeq: 1,
      toSeq: 1,
    };
    const rows = numbers(2, 1300).map(syncSeq => ({
      ...common,
      syncSeq,
      payload: null,
      createdAt: at,
    }));
    await app.model.PushHistory.bulkCreate(rows);
    await app.model.UserInbox.update({ lastSeq: 1300 }, { where: { userId: bob.id } });
    await ageEntries(bob.id, 1, 50);
    await write(ann, bob, 1);
    await purge({ retentionDays: 0 });
    assert.deepEqual(await streamOf(bob), { places: [1301], first: 1301, head: 1301 });
  });

  it('are found again after a crash between saying so and taking them away', async () => {
    const [ann, bob] = await people(2);
    await write(ann, bob, 4);
    await app.model.UserInbox.update({ firstSeq: 3 }, { where: { userId: bob.id } });
    await purge({ retentionDays: 0 });
    assert.deepEqual(await streamOf(bob), { places: [3, 4], first: 3, head: 4 });
  });

  it('may go between two reads of a pull, which says so', async () => {
    const [ann, bob] = await people(2);
    await write(ann, bob, 4);
    // As a pull finds them that has read the inbox before the purge, and the rows after it.
    await app.model.PushHistory.destroy({ where: { receiverId: bob.id, syncSeq: [1, 2] } });
    const page = await bob.call('sync.pull', { after: 0 });
    assert.deepEqual([page.resync, page.entries[0].syncSeq], [true, 3]);
    const { resync } = await bob.call('sync.pull', { after: 2 });
    assert.equal(resync, undefined);
  });

  it('whose messages were purged are there without them', async () => {
    const [ann, bob] = await people(2);
    const id = await write(ann, bob, 3);
    await ageMessages(id, 2, 31);
    await purge();
    const client = await bob.connect();
    await client.reaches(3);
    assert.deepEqual(
      client.replica.entries.map(each => ('messages' in each.data ? each.data.messages.map(({ seq }) => seq) : each)),
      [[], [], [3]],
    );
  });
});

describe('a device that was away for too long', () => {
  /** Bob's phone has 3 entries and goes offline; his tablet acknowledges all 8, of which 6 are purged. */
  async function leftBehind() {
    const [ann, phone] = await people(2);
    const tablet = await phone.login();
    const online = await tablet.connect();
    const id = await write(ann, phone, 3);
    const before = await phone.connect();
    await before.reaches(3);
    await before.call('sync.ack', { syncSeq: 3 });
    before.wire.disconnect();
    await write(ann, phone, 5);
    await online.reaches(8);
    await online.call('sync.ack', { syncSeq: 8 });
    await ageEntries(phone.id, 6, 31);
    await purge();
    assert.deepEqual(await streamOf(phone), { places: [7, 8], first: 7, head: 8 });
    return { ann, phone, tablet, online, id };
  }

  /** What docs/protocol.md tells a client to do: the place first, then the lists. */
  async function reload(client: Client, last: number) {
    const { resync, head } = await client.call('sync.pull', { after: last });
    assert.equal(resync, true);
    const conversations = await client.call('conversation.index', { limit: 50 });
    const messages = [];
    for (const { id: conversationId } of conversations) {
      messages.push(...(await client.call('message.index', { conversationId, limit: 200 })));
    }
    return { head, conversations, messages };
  }

  it('is not pushed what would leave a gap, and is told to load anew', async () => {
    const { phone } = await leftBehind();
    const client = await phone.connect({ after: 3 });
    assert.deepEqual(await client.first('sync:head'), { head: 8, epoch: await epoch(), first: 7 });
    const page = await client.call('sync.pull', { after: 3 });
    assert.deepEqual([page.resync, page.entries.map(each => each.syncSeq), page.head], [true, [7, 8], 8]);
    assert.deepEqual(client.told('sync:push'), [], 'the page of a greeting would have come before');
    assert.deepEqual(await phone.call('sync.pull', { after: 3 }), page, 'the same by REST');
  });

  it('loads the list and the history, and goes on with the stream: all of it, each once', async () => {
    const { ann, phone, tablet, online, id } = await leftBehind();
    const returning = await phone.connect({ after: 3 });
    const sending = write(ann, phone, 20);
    const { head, conversations, messages } = await reload(returning, 3);
    assert.deepEqual(
      conversations.map(each => each.id),
      [id],
    );
    returning.wire.disconnect();
    const back = await phone.connect({ after: head });
    await sending;
    const end = (await streamOf(phone)).head as number;
    await back.reaches(end);
    assert.deepEqual(
      back.replica.entries.map(each => each.syncSeq),
      numbers(head + 1, end),
    );
    // What has come by the stream may have been loaded already; nothing is in neither.
    const held = new Map([...messages, ...back.replica.messages].map(each => [each.seq, each]));
    const history = await tablet.call('message.index', { conversationId: id, limit: 200 });
    assert.equal(history.length, 28);
    assert.deepEqual(
      [...held.values()].sort((a, b) => a.seq - b.seq),
      history,
    );
    await online.reaches(end);
    assert.deepEqual(
      online.replica.entries.map(each => each.syncSeq),
      numbers(1, end),
      'the tablet, which had acknowledged, has lost nothing',
    );
  });

  it('is another matter than one that has acknowledged and comes back', async () => {
    const { ann, tablet, online } = await leftBehind();
    online.wire.disconnect();
    await write(ann, tablet, 2);
    const back = await tablet.connect({ after: 8 });
    await back.reaches(10);
    assert.deepEqual(
      back.replica.entries.map(each => each.syncSeq),
      [9, 10],
    );
    assert.equal('resync' in (await back.call('sync.pull', { after: 8 })), false);
    assert.equal(await count('push_history WHERE receiver_id = :id', { id: tablet.id }), 4);
  });
});

describe('a device that loads its list while conversations move', () => {
  it('has all of them, as they are, from the pages and the stream after the head that it had', async () => {
    const [ann, bob] = await people(2);
    const ids: string[] = [];
    for (let made = 0; made < 8; made++) {
      const { id } = await groupOf([ann, bob]);
      for (const words of ['one', 'two']) await ann.ask('message.create', { id, body: text(words) });
      ids.push(id);
    }
    const { head } = await bob.call('sync.pull', { after: Number.MAX_SAFE_INTEGER });
    const held = new Map<string, Pick<Conversation, 'lastSeq' | 'unread'>>();
    const hold = ({ id, lastSeq, unread }: Conversation) => held.set(id, { lastSeq, unread });
    let cursor: string | undefined;
    do {
      const page = await bob.callPage('conversation.index', { limit: 2, ...(cursor && { cursor }) });
      page.data.forEach(hold);
      cursor = page.nextCursor;
      // The next page would have begun with this one; another moves that is listed already, and one is new.
      const [next] = ids.filter(id => !held.has(id)).slice(-1);
      for (const id of [next, page.data[0].id]) if (id) await ann.ask('message.create', { id, body: text('more') });
      const { id } = await groupOf([ann, bob]);
      await ann.ask('message.create', { id, body: text('new') });
    } while (cursor);
    assert.ok(
      ids.some(id => !held.has(id)),
      'the pages alone do not have all',
    );

    for (const entry of (await bob.call('sync.pull', { after: head, limit: 500 })).entries) {
      const id = 'conversationId' in entry ? entry.conversationId : assert.fail('an entry of no conversation');
      const known = held.get(id);
      if (!known) hold(await bob.call('conversation.show', { conversationId: id }));
      else if (entry.type === 'message.new') {
        const { lastSeq, unread } = known;
        const more = messagesOf(entry).filter(({ seq }) => seq > lastSeq);
        held.set(id, { lastSeq: lastSeq + more.length, unread: unread + more.length });
      }
    }
    const listed = await bob.call('conversation.index', { limit: 200 });
    assert.deepEqual(held.size, listed.length);
    for (const { id, lastSeq, unread } of listed) assert.deepEqual(held.get(id), { lastSeq, unread }, id);
  });
});

describe('a history of streams that an operator has ended', () => {
  it('is known by its epoch to a device that returns, and to one that is connected', async () => {
    const [ann, bob] = await people(2);
    const connected = await bob.connect();
    await write(ann, bob, 2);
    await connected.reaches(2);
    const old = await epoch();
    // The line of docs/operations.md.
    await app.model.query('UPDATE stream_epoch SET epoch = UUID()');
    const renewed = await epoch();
    assert.notEqual(renewed, old);
    const returning = await (await bob.login()).connect({ after: 2 });
    assert.deepEqual(await returning.first('sync:head'), { head: 2, epoch: renewed, first: 1 });
    const isTold = () => connected.told('sync:head').find(told => told.epoch === renewed);
    await connected.until(isTold, 'the head in another history');
    assert.equal((await connected.call('sync.pull', { after: 2 })).epoch, renewed);
    assert.equal(connected.told('sync:head').filter(told => told.epoch === renewed).length, 1, 'it is told once');
  });
});
