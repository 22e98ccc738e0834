import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { entryOf, noticeTo, silence } from '../../support/changes';
import { groupOf, makeAdmin } from '../../support/group';
import { messageOf, people, person, text, type Person } from '../../support/person';
import { refused } from '../../support/refusal';
import { app, count, mm, storesNothing } from '../../support/service';

const ids = (howMany: number) => Array.from({ length: howMany }, () => randomUUID());
const picture = { url: 'https://example.com/cat.png', size: 3, mime: 'image/png', width: 4 };

/** A group where a picture, a text with all that a text may carry and a place were sent, and somebody to forward to. */
async function story() {
  mm(app.config.im, 'foreignMedia', true);
  const [ann, bob, cat, dan] = await people(4);
  const { id } = await groupOf([ann, bob]);
  const [a, c] = [await ann.connect(), await cat.connect()];
  const place = { latitude: 1.5, longitude: -2, name: 'Here' };
  await a.send({ conversationId: id, ...text(''), type: 'image', content: picture });
  await bob.ask('message.create', {
    id,
    body: { ...text('look'), replyTo: 1, mentions: [ann.id], extra: { mood: 'glad' } },
  });
  await a.send({ conversationId: id, ...text(''), type: 'location', content: place });
  const contents = [picture, { text: 'look' }, place];
  return { ann, bob, cat, dan, a, c, id, contents };
}

describe('messages that are forwarded one by one', () => {
  it('are the forwarder’s own, of the same type and content, in order', async () => {
    const { ann, cat, c, id, contents } = await story();
    const clientMsgIds = ids(3);
    const from = { conversationId: id, seqs: [3, 1, 2] };
    const sent = await ann.call('message.forward', { from, to: { userId: cat.id }, clientMsgIds });
    const { conversationId } = sent[0];
    assert.deepEqual(
      sent.map(({ sentAt, syncSeq, ...message }) => [message, Boolean(sentAt), syncSeq > 0]),
      ['image', 'text', 'location'].map((type, index) => {
        const clientMsgId = clientMsgIds[from.seqs.indexOf(index + 1)];
        const head = { conversationId, seq: index + 1, clientMsgId, senderId: ann.id };
        return [{ ...head, type, content: contents[index] }, true, true];
      }),
    );
    await c.until(() => c.replica.messages.length === 3 || undefined, '3 messages');
    assert.deepEqual(c.replica.messages, sent.map(messageOf));
    assert.deepEqual(await cat.call('message.index', { conversationId, limit: 50 }), sent.map(messageOf));
  });

  it('go to a group by the event, and to its members alone', async () => {
    const { bob, cat, dan, a, c, id } = await story();
    const group = await groupOf([cat, bob]);
    await cat.call('member.add', { groupId: group.id, userIds: [a.replica.messages[0].senderId!] });
    const from = { conversationId: id, seqs: [2] };
    const [sent] = await a.call('message.forward', { from, conversationId: group.id, clientMsgIds: ids(1) });
    await c.until(() => c.replica.messages.find(each => each.clientMsgId === sent.clientMsgId), 'the message');
    assert.equal((await dan.call('sync.pull', { after: 0, limit: 50 })).head, 0);
    const again = await a.call('message.forward', { from, conversationId: id, clientMsgIds: ids(1) });
    assert.equal(again[0].seq, 4, 'the same conversation will do');
  });

  it('are sent once under their ids, also when what they were made of is gone', async () => {
    const { ann, bob, cat, a, id } = await story();
    const forward = { from: { conversationId: id, seqs: [1, 2, 3] }, to: { userId: cat.id }, clientMsgIds: ids(3) };
    const all = await Promise.all([a, a, a].map(client => client.call('message.forward', forward)));
    await bob.call('message.recall', { conversationId: id, seq: 2 });
    all.push(await ann.call('message.forward', forward));
    for (const each of all) assert.deepEqual(each, all[0]);
    const { conversationId } = all[0][0];
    assert.equal(await count('message WHERE conversation_id = :conversationId', { conversationId }), 3);
  });
});

describe('messages that are forwarded as one', () => {
  it('are refused under their ids to another receiver', async () => {
    const { ann, cat, dan, id } = await story();
    const forward = { from: { conversationId: id, seqs: [1, 2] }, clientMsgIds: ids(2) };
    const [first] = await ann.call('message.forward', { ...forward, to: { userId: cat.id } });
    await dan.ask('message.send', { body: { to: { userId: ann.id }, ...text('hello') } });
    await storesNothing(async () => {
      const again = ann.call('message.forward', { ...forward, to: { userId: dan.id } });
      assert.deepEqual((await refused(again, 'CONFLICT')).details, first);
    });
  });

  it('hold who said what and when, and where', async () => {
    const { ann, bob, cat, c, id, contents } = await story();
    const history = await ann.call('message.index', { conversationId: id, limit: 50 });
    const from = { conversationId: id, seqs: [2, 1, 3] };
    const [sent, ...more] = await ann.call('message.forward', {
      from,
      to: { userId: cat.id },
      merged: true,
      clientMsgIds: ids(1),
    });
    assert.equal(more.length, 0);
    const names = [ann.session.user.name, bob.session.user.name, ann.session.user.name];
    assert.deepEqual(
      [sent.type, sent.content],
      [
        'merged',
        {
          title: 'Us',
          messages: history.map(({ senderId, type, sentAt }, index) => {
            return { senderId, senderName: names[index], type, content: contents[index], sentAt };
          }),
        },
      ],
    );
    assert.deepEqual((await entryOf(c, 'message.new')).data.messages, [messageOf(sent)]);
    const onward = { from: { conversationId: sent.conversationId, seqs: [1] }, clientMsgIds: ids(1) };
    const [copy] = await cat.call('message.forward', { ...onward, to: { userId: bob.id } });
    assert.deepEqual([copy.type, copy.content, copy.senderId], ['merged', sent.content, cat.id]);
    const [nested] = await cat.call('message.forward', {
      ...onward,
      to: { userId: bob.id },
      merged: true,
      clientMsgIds: ids(1),
    });
    const content = nested.content as { title?: string; messages: { content: object }[] };
    assert.deepEqual([content.title, content.messages[0].content], [undefined, sent.content]);
  });

  it('are sent once under their id', async () => {
    const { cat, a, id } = await story();
    const from = { conversationId: id, seqs: [1, 2] };
    const forward = { from, to: { userId: cat.id }, merged: true, clientMsgIds: ids(1) };
    const first = await a.call('message.forward', forward);
    assert.deepEqual(await a.call('message.forward', forward), first);
  });

  it('may not be too large together', async () => {
    const { ann, cat, id } = await story();
    mm(app.config.im, 'mergedMaxBytes', 300);
    const forward = { from: { conversationId: id, seqs: [1, 2, 3] }, to: { userId: cat.id }, merged: true };
    await storesNothing(() => refused(ann.call('message.forward', { ...forward, clientMsgIds: ids(1) }), 'TOO_LARGE'));
    mm.restore();
    await ann.call('message.forward', { ...forward, clientMsgIds: ids(1) });
  });
});

describe('forwarding is refused', () => {
  const forward = (who: Person, conversationId: string, seqs: number[], rest: object) =>
    who.call('message.forward', { from: { conversationId, seqs }, clientMsgIds: ids(seqs.length), ...rest });

  it('of what the user may not see, or nobody may forward', async () => {
    const { ann, bob, cat, dan, id } = await story();
    await ann.call('member.add', { groupId: id, userIds: [dan.id] });
    await ann.ask('message.create', { id, body: text('welcome') });
    await bob.call('message.remove', { conversationId: id, seqs: [3], for: 'me' });
    const [stranger, notice] = [await person({ app: 'other' }), await noticeTo(ann)];
    const to = { to: { userId: cat.id } };
    await storesNothing(async () => {
      const missing = await refused(forward(dan, id, [5, 1, 2], to), 'MESSAGE_NOT_FOUND');
      assert.deepEqual(missing.details, { seqs: [1, 2] });
      await refused(forward(bob, id, [3], to), 'MESSAGE_NOT_FOUND');
      await refused(forward(ann, id, [1, 6], to), 'MESSAGE_NOT_FOUND');
      await refused(forward(ann, id, [1, 4], to), 'FORBIDDEN');
      await refused(forward(ann, notice, [1], to), 'FORBIDDEN');
      await refused(forward(cat, id, [1], { to: { userId: dan.id } }), 'NOT_A_MEMBER');
      await refused(forward(stranger, id, [1], to), 'CONVERSATION_NOT_FOUND');
    });
    await ann.call('message.recall', { conversationId: id, seq: 1 });
    await refused(forward(ann, id, [1, 2], { ...to, merged: true, clientMsgIds: ids(1) }), 'FORBIDDEN');
  });

  it('to where the user may not write', async () => {
    const { ann, bob, cat, dan, id } = await story();
    const theirs = await groupOf([cat, dan]);
    const hushed = await groupOf([cat, ann, bob]);
    await silence(hushed.id);
    await makeAdmin(hushed.id, bob);
    const [stranger, notice] = [await person({ app: 'other' }), await noticeTo(ann)];
    await storesNothing(async () => {
      await refused(forward(ann, id, [1], { conversationId: theirs.id }), 'NOT_A_MEMBER');
      await refused(forward(ann, id, [1], { conversationId: hushed.id }), 'MUTED');
      await refused(forward(ann, id, [1], { conversationId: notice }), 'FORBIDDEN');
      await refused(forward(ann, id, [1], { conversationId: '99' }), 'CONVERSATION_NOT_FOUND');
      await refused(forward(ann, id, [1], { to: { userId: stranger.id } }), 'USER_NOT_FOUND');
    });
    await forward(bob, id, [1], { conversationId: hushed.id });
  });

  it('when it does not say where to, or how many', async () => {
    const { ann, cat, id } = await story();
    const to = { userId: cat.id };
    await storesNothing(async () => {
      await refused(forward(ann, id, [1], {}), 'INVALID_INPUT');
      await refused(forward(ann, id, [1], { to, conversationId: id }), 'INVALID_INPUT');
      await refused(forward(ann, id, [1, 2], { to, clientMsgIds: ids(1) }), 'INVALID_INPUT');
      await refused(forward(ann, id, [1, 2], { to, merged: true, clientMsgIds: ids(2) }), 'INVALID_INPUT');
      await refused(forward(ann, id, [], { to, clientMsgIds: ids(1) }), 'INVALID_INPUT');
      await refused(forward(ann, id, [1, 1], { to }), 'INVALID_INPUT');
      await refused(forward(ann, id, [1], { to, type: 'text' }), 'INVALID_INPUT');
    });
  });
});
