import assert from 'node:assert/strict';
import { groupOf } from '../../support/group';
import { messageOf, people, person, text, type Person } from '../../support/person';
import { refused } from '../../support/refusal';
import { messagesOf, type Entry } from '../../support/replica';
import { select, storesNothing } from '../../support/service';

describe('a message', () => {
  it('is acked with its place in the conversation and in the sender’s stream', async () => {
    const [ann, bob] = await people(2);
    const client = await ann.connect();
    const draft = text('hello');
    const sent = await client.send({ to: { userId: bob.id }, ...draft });
    const { conversationId, sentAt } = sent;
    assert.deepEqual(sent, { conversationId, seq: 1, ...draft, senderId: ann.id, sentAt, syncSeq: 1 });
    const next = await client.send({ conversationId, ...text('again') });
    assert.deepEqual([next.seq, next.syncSeq], [2, 2]);
  });

  it('comes to every device of both users as the same entry, by push and by pull', async () => {
    const [ann, bob] = await people(2);
    const devices = [ann, await ann.login(), bob, await bob.login({ platform: 'web' })];
    const clients = await Promise.all(devices.map(device => device.connect()));
    const { syncSeq, ...message } = await clients[0].send({ to: { userId: bob.id }, ...text('hello') });
    for (const [index, client] of clients.entries()) {
      const pushed = (await client.first('sync:push')).entries;
      const { conversationId, sentAt: at } = message;
      const conversation = { type: 'single', userIds: [ann.id, bob.id].sort((a, b) => Number(a) - Number(b)) };
      const entry = { syncSeq, type: 'message.new', conversationId, conversation, data: { messages: [message] }, at };
      assert.deepEqual(pushed, [entry]);
      assert.deepEqual((await client.request('sync:pull', { after: 0 })).entries, pushed);
      assert.deepEqual((await devices[index].ask('sync.pull', { query: { after: 0 } })).entries, pushed);
    }
  });

  it('says of what kind its conversation is, by push and by pull, as long as that is there', async () => {
    const [ann, bob] = await people(2);
    const client = await ann.connect();
    const { id } = await groupOf([ann, bob]);
    await client.send({ conversationId: id, ...text('to all') });
    await client.send({ to: { userId: ann.id }, ...text('to me') });
    await client.reaches(3);
    const kinds = (entries: readonly Entry[]) =>
      entries.flatMap(entry => ('conversation' in entry ? entry.conversation : []));
    const expected = [{ type: 'group' }, { type: 'single', userIds: [ann.id] }];
    assert.deepEqual(kinds(client.replica.entries), expected);
    assert.deepEqual(kinds((await ann.call('sync.pull', { after: 0 })).entries), expected);
    await ann.call('group.dissolve', { groupId: id });
    assert.deepEqual(kinds((await ann.call('sync.pull', { after: 0 })).entries), expected.slice(1));
  });

  it('does not come to a third', async () => {
    const [ann, bob, eve] = await people(3);
    const stranger = await eve.connect();
    const sender = await ann.connect();
    const secret = await sender.send({ to: { userId: bob.id }, ...text('between us') });
    // Her own next entry is her first: nothing was pushed, or written into her stream, before it.
    await sender.send({ to: { userId: eve.id }, ...text('hello Eve') });
    await stranger.reaches(1);
    const told = JSON.stringify([stranger.told('sync:push'), await eve.ask('sync.pull', { query: { after: 0 } })]);
    assert.doesNotMatch(told, /between us/);
    await refused(eve.ask('message.index', { id: secret.conversationId }), 'NOT_A_MEMBER');
    await refused(stranger.send({ conversationId: secret.conversationId, ...text('hi') }), 'NOT_A_MEMBER');
  });

  it('to a group comes to every member, and to nobody else', async () => {
    const members = await people(5);
    const eve = await person();
    const { conversationId } = await groupOf(members);
    const clients = await Promise.all(members.map(member => member.connect()));
    const stranger = await eve.connect();
    const { syncSeq, ...message } = await clients[2].send({ conversationId, ...text('hello all') });
    assert.equal(syncSeq, 2);
    for (const client of clients) {
      await client.reaches(2);
      assert.deepEqual(
        client.replica.entries.map(each => each.type),
        ['group.created', 'message.new'],
      );
      assert.deepEqual(client.replica.messages, [message]);
    }
    assert.equal((await stranger.request('sync:pull', { after: 0 })).head, 0);
  });

  it('sent by REST is the same as one sent by socket', async () => {
    const [ann, bob] = await people(2);
    const [sender, receiver] = [await ann.connect(), await bob.connect()];
    const to = { userId: bob.id };
    const bySocket = await sender.send({ to, ...text('one') });
    const { conversationId } = bySocket;
    const toUser = await ann.ask('message.send', { body: { to, ...text('two') } });
    const toConversation = await ann.ask('message.send', { body: { conversationId, ...text('three') } });
    const toPath = await ann.ask('message.create', { id: conversationId, body: text('four') });
    const all = [bySocket, toUser, toConversation, toPath];
    assert.deepEqual(
      all.map(each => [each.conversationId, each.seq, each.syncSeq]),
      [1, 2, 3, 4].map(place => [conversationId, place, place]),
    );
    await receiver.reaches(4);
    const messages = all.map(messageOf);
    assert.deepEqual(receiver.replica.messages, messages);
    assert.deepEqual(await bob.ask('message.index', { id: conversationId }), messages);
  });

  it('opens one conversation when both write first, or one writes in a hurry', async () => {
    const [ann, bob] = await people(2);
    const [a, b] = [await ann.connect(), await bob.connect()];
    const sent = await Promise.all(
      [1, 2, 3, 4, 5].flatMap(each => [
        a.send({ to: { userId: bob.id }, ...text(`Ann ${each}`) }),
        b.send({ to: { userId: ann.id }, ...text(`Bob ${each}`) }),
      ]),
    );
    assert.equal(new Set(sent.map(each => each.conversationId)).size, 1);
    assert.deepEqual(
      sent.map(each => each.seq).sort((x, y) => x - y),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    );
  });

  it('may be a note to oneself', async () => {
    const ann = await person({ name: 'Ann' });
    const [phone, laptop] = [await ann.connect(), await (await ann.login()).connect()];
    const { conversationId } = await phone.send({ to: { userId: ann.id }, ...text('buy milk') });
    await laptop.reaches(1);
    assert.equal(laptop.replica.messages.length, 1);
    const shown = await ann.ask('conversation.show', { id: conversationId });
    assert.deepEqual([shown.name, shown.unread, shown.lastMessage?.content], ['Ann', 0, { text: 'buy milk' }]);
  });
});

describe('many senders at once', () => {
  it('get places 1 to n without a gap, the same for every member', async () => {
    const members = await people(6);
    const { conversationId } = await groupOf(members);
    const clients = await Promise.all(members.map(member => member.connect()));
    const each = 40;
    const sends = clients.flatMap((client, who) =>
      Array.from({ length: each }, (_, index) => client.send({ conversationId, ...text(`${who}: ${index}`) })),
    );
    const sent = await Promise.all(sends);
    const total = members.length * each;
    const inOrder = sent.map(messageOf).sort((a, b) => a.seq - b.seq);
    assert.deepEqual(
      inOrder.map(message => message.seq),
      Array.from({ length: total }, (_, index) => index + 1),
    );
    for (const client of clients) {
      await client.until(() => client.replica.messages.length === total || undefined, `${total} messages`);
      assert.deepEqual(client.replica.messages, inOrder);
    }
    for (const who of members.keys()) {
      const own = inOrder.filter(message => message.senderId === members[who].id).map(message => message.content);
      assert.deepEqual(
        own,
        own.map((_, index) => ({ text: `${who}: ${index}` })),
        'what one sender sends one after the other stays in that order',
      );
    }
    const rows = await select('SELECT seq, count FROM message WHERE conversation_id = :conversationId ORDER BY seq', {
      conversationId,
    });
    assert.deepEqual(
      rows.map(row => row.count),
      rows.map(row => row.seq),
      'every one of them counts',
    );
  });

  it('get in each ack the place of their own entry', async () => {
    const [ann, bob] = await people(2);
    const [a, b] = [await ann.connect(), await bob.connect()];
    const sent = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        index % 2 ? a.send({ to: { userId: bob.id }, ...text('a') }) : b.send({ to: { userId: ann.id }, ...text('b') }),
      ),
    );
    for (const { syncSeq, ...message } of sent) {
      const client = message.senderId === ann.id ? a : b;
      await client.reaches(syncSeq);
      const entry = client.replica.entries[syncSeq - 1];
      assert.deepEqual(
        messagesOf(entry).find(each => each.seq === message.seq),
        message,
      );
    }
  });
});

describe('what a message may carry', () => {
  it('an answer to an earlier message, and not to one that is not there', async () => {
    const [ann, bob] = await people(2);
    const [a, b] = [await ann.connect(), await bob.connect()];
    const { conversationId } = await a.send({ to: { userId: bob.id }, ...text('tea?') });
    const answer = await b.send({ conversationId, ...text('yes'), replyTo: 1 });
    assert.equal(answer.replyTo, 1);
    await a.reaches(2);
    assert.equal(a.replica.messages[1].replyTo, 1);
    await storesNothing(() => refused(b.send({ conversationId, ...text('?'), replyTo: 99 }), 'MESSAGE_NOT_FOUND'));
  });

  it('no answer to what the sender may not see', async () => {
    const [ann, bob, cat] = await people(3);
    const { id: conversationId } = await groupOf([ann, bob], { history: 'joined' });
    const send = (who: Person, words: string, more: object = {}) =>
      who.ask('message.create', { id: conversationId, body: { ...text(words), ...more } });
    for (const words of ['one', 'two', 'three']) await send(ann, words);
    await ann.call('member.add', { groupId: conversationId, userIds: [cat.id] });
    const last = await send(cat, 'hello', { replyTo: 4 });
    await bob.call('message.remove', { conversationId, seqs: [3], for: 'me' });
    const answer = (who: Person, replyTo: number) => send(who, '?', { replyTo });
    const { details } = await refused(answer(cat, 3), 'MESSAGE_NOT_FOUND');
    assert.deepEqual(details, { seqs: [3] }, 'it is from before she came');
    await refused(answer(bob, 3), 'MESSAGE_NOT_FOUND');
    await ann.call('message.recall', { conversationId, seq: 2 });
    await bob.call('conversation.clear', { conversationId });
    await refused(answer(bob, last.seq), 'MESSAGE_NOT_FOUND');
    assert.equal((await answer(ann, 2)).replyTo, 2, 'what is left of a recalled message is seen');
    const answers = await Promise.all([answer(ann, 3), refused(answer(bob, 3), 'MESSAGE_NOT_FOUND'), answer(ann, 1)]);
    assert.deepEqual([answers[0].replyTo, answers[2].replyTo], [3, 1], 'each by itself, though they come together');
  });

  it('mentions of members, and of nobody else', async () => {
    const members = await people(3);
    const [ann, bob, cat] = members;
    const eve = await person();
    const { conversationId } = await groupOf(members);
    const [a, b] = [await ann.connect(), await bob.connect()];
    const mentions = [bob.id, cat.id];
    assert.deepEqual((await a.send({ conversationId, ...text('@both'), mentions })).mentions, mentions);
    await b.reaches(2);
    assert.deepEqual(b.replica.messages[0].mentions, mentions);
    await storesNothing(async () => {
      for (const bad of [[eve.id], [bob.id, '1'], [bob.id, bob.id], [Number(bob.id)]]) {
        await refused(a.send({ conversationId, ...text('@eve'), mentions: bad }), 'INVALID_INPUT');
      }
    });
  });

  it('anything else in `extra`, which comes back as it was', async () => {
    const [ann, bob] = await people(2);
    const [a, b] = [await ann.connect(), await bob.connect()];
    const extra = { nested: { list: [1, 2.5, null, true, '𝄞 \u2028 "quoted" \\ \' ; DROP TABLE message; --'] }, '': 0 };
    const sent = await a.send({ to: { userId: bob.id }, ...text('look'), extra });
    assert.deepEqual(sent.extra, extra);
    await b.reaches(1);
    assert.deepEqual(b.replica.messages[0].extra, extra);
    const [first] = await bob.ask('message.index', { id: sent.conversationId });
    assert.deepEqual(first.extra, extra);
  });
});
