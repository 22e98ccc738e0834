import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { age, entryOf, noticeTo, rowsWith, seqsOf, streamOf, typesOf } from '../../support/changes';
import { groupOf, makeAdmin } from '../../support/group';
import { pair } from '../../support/packets';
import { people, person, text } from '../../support/person';
import { refused } from '../../support/refusal';
import { count, select, storesNothing } from '../../support/service';

describe('a message that is taken back', () => {
  it('is a tombstone for both, on every device, and for nobody else', async () => {
    const { ann, bob, client, other, conversationId } = await pair();
    const [laptop, eve] = [await (await ann.login()).connect(), await person()];
    const { clientMsgId, sentAt } = client.replica.messages[0];
    const left = await ann.call('message.recall', { conversationId, seq: 1 });
    const recalled = { by: ann.id, at: left.recalled!.at };
    const head = { conversationId, seq: 1, clientMsgId, senderId: ann.id };
    assert.deepEqual(left, { ...head, type: 'text', content: {}, sentAt, recalled });
    for (const device of [client, laptop, other]) {
      const entry = await entryOf(device, 'message.recalled');
      assert.deepEqual([entry.conversationId, entry.data], [conversationId, { messages: [left] }]);
    }
    assert.deepEqual(await bob.call('message.index', { conversationId, limit: 50 }), [left]);
    assert.deepEqual((await bob.call('conversation.show', { conversationId })).lastMessage, left);
    assert.deepEqual((await streamOf(bob)).at(-1), other.replica.entries.at(-1));
    assert.deepEqual(await streamOf(eve), []);
  });

  it('is nowhere in the database any more, nor is what was edited away', async () => {
    const { ann, bob, client, conversationId } = await pair();
    const [first, second] = [randomUUID(), randomUUID()];
    const extra = { words: first };
    await client.send({ conversationId, ...text(first), mentions: [bob.id], replyTo: 1, extra });
    await client.call('message.edit', { conversationId, seq: 2, content: { text: second }, mentions: [bob.id] });
    assert.equal(await rowsWith(second), 1);
    await ann.call('message.recall', { conversationId, seq: 2 });
    assert.deepEqual([await rowsWith(first), await rowsWith(second)], [0, 0]);
    const [row] = await select(
      'SELECT content, mentions, mention_all, extra, reply_to FROM message WHERE conversation_id = :id AND seq = 2',
      { id: conversationId },
    );
    assert.deepEqual(row, { content: '{}', mentions: null, mention_all: 0, extra: null, reply_to: null });
    const stream = await streamOf(bob);
    assert.doesNotMatch(JSON.stringify(stream), new RegExp(`${first}|${second}`), 'who pulls later does not see it');
    assert.deepEqual(typesOf(stream), ['message.new', 'message.new', 'message.edited', 'message.recalled']);
  });

  it('stays what it is when it is taken back again, by the event or in a hurry', async () => {
    const { ann, client, other, conversationId } = await pair();
    const recalls = [1, 2, 3].map(() => client.call('message.recall', { conversationId, seq: 1 }));
    const [first, ...others] = await Promise.all(recalls);
    await age(conversationId, 1000);
    const late = await ann.call('message.recall', { conversationId, seq: 1 });
    for (const each of others) assert.deepEqual(each, first);
    assert.deepEqual(late.recalled, first.recalled, 'also when a first recall would be late');
    await other.reaches(2);
    assert.deepEqual(typesOf(await streamOf(ann)), ['message.new', 'message.recalled']);
  });

  it('is one message that is unread as before', async () => {
    const { bob, client, other, conversationId } = await pair();
    await client.send({ conversationId, ...text('two') });
    await client.call('message.recall', { conversationId, seq: 1 });
    const unread = async () => (await bob.call('conversation.show', { conversationId })).unread;
    assert.equal(await unread(), 2);
    assert.equal((await other.call('conversation.read', { conversationId, seq: 1 })).unread, 1);
    assert.equal(await unread(), 1);
  });

  it('loses its reactions, its pin and its stars, and gets no new ones', async () => {
    const { ann, bob, client, conversationId } = await pair();
    const at = { conversationId, seq: 1 };
    await bob.call('message.react', { ...at, reaction: '👍', reacted: true });
    await bob.call('message.star', { ...at, starred: true });
    await bob.call('message.pin', { ...at, pinned: true });
    const left = await client.call('message.recall', at);
    assert.deepEqual(await ann.call('message.index', { conversationId, limit: 50 }), [left]);
    assert.deepEqual(await bob.call('message.pins', { conversationId }), []);
    assert.deepEqual(await bob.call('message.stars', { limit: 50 }), []);
    for (const table of ['message_reaction', 'message_pin', 'message_star']) {
      assert.equal(await count(`${table} WHERE conversation_id = :conversationId`, { conversationId }), 0);
    }
    await refused(bob.call('message.react', { ...at, reaction: '👍', reacted: true }), 'MESSAGE_NOT_FOUND');
    await refused(bob.call('message.star', { ...at, starred: true }), 'MESSAGE_NOT_FOUND');
    await refused(ann.call('message.pin', { ...at, pinned: true }), 'MESSAGE_NOT_FOUND');
  });

  it('sent again answers with the tombstone and adds nothing', async () => {
    const [ann, bob] = await people(2);
    const client = await ann.connect();
    const draft = { to: { userId: bob.id }, ...text('oops') };
    const { conversationId, syncSeq } = await client.send(draft);
    const left = await client.call('message.recall', { conversationId, seq: 1 });
    await storesNothing(async () => assert.deepEqual(await client.send(draft), { ...left, syncSeq }));
  });
});

describe('who may take a message back', () => {
  it('is its sender, for two minutes', async () => {
    const { ann, bob, client, other, conversationId } = await pair();
    for (const words of ['two', 'three']) await client.send({ conversationId, ...text(words) });
    await refused(bob.call('message.recall', { conversationId, seq: 1 }), 'FORBIDDEN');
    await age(conversationId, 110);
    await ann.call('message.recall', { conversationId, seq: 1 });
    await refused(other.call('message.recall', { conversationId, seq: 1 }), 'FORBIDDEN');
    await age(conversationId, 20);
    await refused(ann.call('message.recall', { conversationId, seq: 2 }), 'TOO_LATE');
    await refused(client.call('message.recall', { conversationId, seq: 3 }), 'TOO_LATE');
  });

  it('is in a group the owner and every admin, at any time, but an admin not the owner’s', async () => {
    const [ann, bob, cat, dan] = await people(4);
    const { id: conversationId } = await groupOf([ann, bob, cat, dan]);
    for (const admin of [bob, cat]) await makeAdmin(conversationId, admin);
    for (const sender of [ann, bob, cat, dan, dan]) {
      await sender.ask('message.create', { id: conversationId, body: text('hello') });
    }
    await age(conversationId, 86_400);
    const recall = (who: typeof ann, seq: number) => who.call('message.recall', { conversationId, seq });
    await storesNothing(async () => {
      await refused(recall(bob, 1), 'FORBIDDEN');
      await refused(recall(dan, 2), 'FORBIDDEN');
      await refused(recall(dan, 4), 'TOO_LATE');
    });
    await recall(bob, 2);
    await recall(bob, 3);
    assert.equal((await recall(cat, 4)).recalled!.by, cat.id);
    await recall(ann, 5);
    await recall(ann, 1);
    const history = await dan.call('message.index', { conversationId, limit: 50 });
    assert.deepEqual(
      history.map(each => each.recalled?.by),
      [ann, bob, bob, cat, ann].map(each => each.id),
    );
    await refused(recall(bob, 1), 'FORBIDDEN');
  });

  it('is nobody when the server wrote it, or it is not there, or they are not in the conversation', async () => {
    const [ann, bob, cat] = await people(3);
    const { id: conversationId } = await groupOf([ann, bob]);
    await ann.call('member.add', { groupId: conversationId, userIds: [cat.id] });
    const notice = await noticeTo(ann);
    const [eve, stranger] = [await person(), await person({ app: 'other' })];
    await storesNothing(async () => {
      await refused(ann.call('message.recall', { conversationId, seq: 1 }), 'FORBIDDEN');
      await refused(ann.call('message.recall', { conversationId: notice, seq: 1 }), 'FORBIDDEN');
      await refused(ann.call('message.recall', { conversationId, seq: 2 }), 'MESSAGE_NOT_FOUND');
      await refused(eve.call('message.recall', { conversationId, seq: 1 }), 'NOT_A_MEMBER');
      await refused(stranger.call('message.recall', { conversationId, seq: 1 }), 'CONVERSATION_NOT_FOUND');
    });
  });

  it('can only take back what they may see', async () => {
    const [ann, bob, cat] = await people(3);
    const { id: conversationId } = await groupOf([ann, bob]);
    await bob.ask('message.create', { id: conversationId, body: text('before Cat') });
    await ann.call('member.add', { groupId: conversationId, userIds: [cat.id] });
    await makeAdmin(conversationId, cat);
    await refused(cat.call('message.recall', { conversationId, seq: 1 }), 'MESSAGE_NOT_FOUND');
    await bob.call('message.recall', { conversationId, seq: 1 });
    assert.ok(!typesOf(await streamOf(cat)).includes('message.recalled'), 'and is not told of it');
    assert.deepEqual(seqsOf(await cat.call('message.index', { conversationId, limit: 50 })), [2]);
  });
});
