import assert from 'node:assert/strict';
import { age, entryOf, silence, streamOf } from '../../support/changes';
import { groupOf } from '../../support/group';
import { pair } from '../../support/packets';
import { messageOf, people, person, text } from '../../support/person';
import { refused } from '../../support/refusal';
import { storesNothing } from '../../support/service';

describe('an edited text', () => {
  it('takes the place of the old one for both, on every device, and nobody else', async () => {
    const { ann, bob, client, other, conversationId } = await pair();
    const [laptop, eve] = [await (await ann.login()).connect(), await person()];
    const [sent] = client.replica.messages;
    const edited = await ann.call('message.edit', { conversationId, seq: 1, content: { text: 'hello, Bob' } });
    const { editedAt } = edited;
    assert.ok(Date.parse(editedAt!) >= Date.parse(sent.sentAt));
    assert.deepEqual(edited, { ...sent, content: { text: 'hello, Bob' }, editedAt });
    for (const device of [client, laptop, other]) {
      const entry = await entryOf(device, 'message.edited');
      assert.deepEqual([entry.conversationId, entry.data], [conversationId, { messages: [edited] }]);
    }
    assert.deepEqual(await bob.call('message.index', { conversationId, limit: 50 }), [edited]);
    const pulled = await streamOf(bob);
    assert.deepEqual(pulled.at(-1), other.replica.entries.at(-1));
    assert.equal(await eve.call('sync.pull', { after: 0, limit: 500 }).then(page => page.head), 0);
  });

  it('may be edited again, by the event', async () => {
    const { client, other, conversationId } = await pair();
    const first = await client.call('message.edit', { conversationId, seq: 1, content: { text: 'one' } });
    await other.reaches(2);
    const second = await client.call('message.edit', { conversationId, seq: 1, content: { text: 'two' } });
    await other.reaches(3);
    assert.deepEqual(
      other.replica.messages.slice(1).map(each => each.content),
      [{ text: 'one' }, { text: 'two' }],
    );
    assert.ok(second.editedAt! >= first.editedAt!);
  });

  it('stays as long as it may be edited, and what it answers and carries stays', async () => {
    const { client, conversationId } = await pair();
    const sent = await client.send({ conversationId, ...text('tea?'), replyTo: 1, extra: { mood: 'hopeful' } });
    const { content, editedAt, ...rest } = await client.call('message.edit', {
      conversationId,
      seq: 2,
      content: { text: 'coffee?' },
    });
    assert.deepEqual([content, Boolean(editedAt)], [{ text: 'coffee?' }, true]);
    assert.deepEqual({ ...rest, content: sent.content }, messageOf(sent));
  });

  it('does not change what is unread', async () => {
    const { bob, client, conversationId } = await pair();
    await client.call('message.edit', { conversationId, seq: 1, content: { text: 'again' } });
    const shown = await bob.call('conversation.show', { conversationId });
    assert.deepEqual([shown.unread, shown.lastMessage?.content], [1, { text: 'again' }]);
  });

  it('is not shown to those who joined after it was sent', async () => {
    const [ann, bob, cat] = await people(3);
    const { id: conversationId } = await groupOf([ann, bob]);
    await ann.ask('message.create', { id: conversationId, body: text('before Cat') });
    await ann.call('member.add', { groupId: conversationId, userIds: [cat.id] });
    await ann.call('message.edit', { conversationId, seq: 1, content: { text: 'not for Cat' } });
    assert.doesNotMatch(JSON.stringify(await streamOf(cat)), /not for Cat/);
    assert.match(JSON.stringify(await streamOf(bob)), /not for Cat/);
  });
});

describe('editing is refused', () => {
  const content = { text: 'changed' };

  it('for messages of others, of other types, recalled ones and those that are not there', async () => {
    const { ann, bob, client, other, conversationId } = await pair();
    const place = { latitude: 1, longitude: 2 };
    await client.send({ conversationId, ...text(''), type: 'location', content: place });
    await client.send({ conversationId, ...text('taken back') });
    await ann.call('message.recall', { conversationId, seq: 3 });
    const [eve, stranger] = [await person(), await person({ app: 'other' })];
    await storesNothing(async () => {
      await refused(bob.call('message.edit', { conversationId, seq: 1, content }), 'FORBIDDEN');
      await refused(other.call('message.edit', { conversationId, seq: 1, content }), 'FORBIDDEN');
      await refused(ann.call('message.edit', { conversationId, seq: 2, content }), 'INVALID_INPUT');
      await refused(client.call('message.edit', { conversationId, seq: 3, content }), 'MESSAGE_NOT_FOUND');
      await refused(ann.call('message.edit', { conversationId, seq: 4, content }), 'MESSAGE_NOT_FOUND');
      await refused(eve.call('message.edit', { conversationId, seq: 1, content }), 'NOT_A_MEMBER');
      await refused(stranger.call('message.edit', { conversationId, seq: 1, content }), 'CONVERSATION_NOT_FOUND');
      await refused(ann.call('message.edit', { conversationId: '99', seq: 1, content }), 'CONVERSATION_NOT_FOUND');
    });
  });

  it('when it is late, too long, empty, or names somebody who is no member', async () => {
    const { ann, client, conversationId } = await pair();
    const eve = await person();
    const edit = (given: object) => ann.call('message.edit', { conversationId, seq: 1, content, ...given });
    await refused(edit({ content: { text: 'ä'.repeat(4097) } }), 'TOO_LARGE');
    await refused(edit({ content: { text: '' } }), 'INVALID_INPUT');
    await refused(edit({ content: { text: 'x', html: '<b>' } }), 'INVALID_INPUT');
    await refused(edit({ mentions: [eve.id] }), 'INVALID_INPUT');
    await age(conversationId, 890);
    await edit({ content: { text: 'ä'.repeat(4096) } });
    await age(conversationId, 20);
    await refused(edit({}), 'TOO_LATE');
    await refused(client.call('message.edit', { conversationId, seq: 1, content }), 'TOO_LATE');
  });

  it('for members who may not write now', async () => {
    const [ann, bob] = await people(2);
    const { id: conversationId } = await groupOf([ann, bob]);
    const b = await bob.connect();
    await b.send({ conversationId, ...text('hello') });
    await silence(conversationId);
    await refused(b.call('message.edit', { conversationId, seq: 1, content }), 'MUTED');
  });
});

describe('edits at once', () => {
  const content = { text: 'too late?' };

  it('leave one text, the same in history and at the end of every stream', async () => {
    const { bob, client, other, conversationId } = await pair();
    const words = Array.from({ length: 8 }, (_, index) => `version ${index}`);
    await Promise.all(
      words.map(each => client.call('message.edit', { conversationId, seq: 1, content: { text: each } })),
    );
    await other.reaches(1 + words.length);
    const [message] = await bob.call('message.index', { conversationId, limit: 50 });
    assert.deepEqual(other.replica.messages.at(-1), message);
  });

  it('as a recall never bring the words back', async () => {
    for (let round = 0; round < 5; round++) {
      const { ann, bob, client, conversationId } = await pair();
      const edit = client.call('message.edit', { conversationId, seq: 1, content }).catch(() => undefined);
      await Promise.all([edit, ann.call('message.recall', { conversationId, seq: 1 })]);
      const [message] = await bob.call('message.index', { conversationId, limit: 50 });
      assert.deepEqual([message.content, message.recalled?.by], [{}, ann.id]);
    }
  });
});
