import assert from 'node:assert/strict';
import { messageOf, people, person, text } from '../support/person';
import { refused } from '../support/refusal';

const body = (userId: string, words: string) => ({ body: { to: { userId }, ...text(words) } });

describe('the list of conversations', () => {
  it('shows each with its name, its last message and what is unread', async () => {
    const ann = await person({ name: 'Ann' });
    const bob = await person({ name: 'Bob' });
    await bob.ask('user.update', { body: { avatar: '/files/bob.png' } });
    const sent = await bob.ask('message.send', body(ann.id, 'hello Ann'));
    const group = await ann.ask('group.create', { body: { name: 'Tea', memberIds: [bob.id] } });
    const { conversationId: id, sentAt: lastAt } = sent;
    const lastMessage = messageOf(sent);
    const rest = { type: 'single', lastMessage, lastSeq: 1, lastAt };
    const [{ lastAt: madeAt }] = await ann.ask('conversation.index');
    assert.deepEqual(await ann.ask('conversation.index'), [
      { id: group.id, type: 'group', name: 'Tea', lastSeq: 0, lastAt: madeAt, readSeq: 0, unread: 0 },
      { id, peerId: bob.id, name: 'Bob', avatar: '/files/bob.png', ...rest, readSeq: 0, unread: 1 },
    ]);
    const [, single] = await bob.ask('conversation.index');
    assert.deepEqual(single, { id, peerId: ann.id, name: 'Ann', ...rest, readSeq: 1, unread: 0 });
    assert.deepEqual(await bob.ask('conversation.show', { id }), single);
  });

  it('has what moved last first', async () => {
    const [ann, bob, cat, dan] = await people(4);
    const ids: string[] = [];
    for (const other of [bob, cat, dan]) {
      const { conversationId } = await other.ask('message.send', body(ann.id, 'hello'));
      ids.unshift(conversationId);
    }
    const listed = async () => (await ann.ask('conversation.index')).map(each => each.id);
    assert.deepEqual(await listed(), ids);
    await ann.ask('message.send', body(bob.id, 'and again'));
    assert.deepEqual(await listed(), [ids[2], ids[0], ids[1]]);
  });

  it('comes in pages, without a gap or a double, also where times are equal', async () => {
    const [ann, ...others] = await people(8);
    // Together, so that some fall into the same millisecond.
    await Promise.all(others.map(other => other.ask('message.send', body(ann.id, 'hello'))));
    const whole = (await ann.ask('conversation.index')).map(each => each.id);
    const paged: string[] = [];
    let cursor: string | undefined;
    do {
      const query = { limit: 3, ...(cursor && { cursor }) };
      const page = await ann.page('conversation.index', { query });
      paged.push(...page.data.map(each => each.id));
      cursor = page.nextCursor;
    } while (cursor && paged.length < 20);
    assert.equal(whole.length, 7);
    assert.deepEqual(paged, whole);
  });

  it('refuses a cursor that it has not given, and pages of no size', async () => {
    const ann = await person();
    for (const query of [{ cursor: 'x' }, { cursor: '9999999999999999-1' }, { cursor: "1-1' OR 1" }, { cursor: '' }]) {
      await refused(ann.ask('conversation.index', { query }), 'INVALID_INPUT');
    }
    for (const limit of [0, 201, -1, 'x', 1.5]) {
      await refused(ann.ask('conversation.index', { query: { limit } }), 'INVALID_INPUT');
    }
  });
});

describe('roaming history', () => {
  it('is read by page in both directions, in ascending order', async () => {
    const [ann, bob] = await people(2);
    const { conversationId: id } = await ann.ask('message.send', body(bob.id, 'number 1'));
    for (let seq = 2; seq <= 7; seq++) await ann.ask('message.create', { id, body: text(`number ${seq}`) });
    const seqs = async (query: Record<string, number>) =>
      (await bob.ask('message.index', { id, query })).map(each => each.seq);
    assert.deepEqual(await seqs({}), [1, 2, 3, 4, 5, 6, 7]);
    assert.deepEqual(await seqs({ limit: 3 }), [5, 6, 7]);
    assert.deepEqual(await seqs({ limit: 3, before: 5 }), [2, 3, 4]);
    assert.deepEqual(await seqs({ limit: 3, before: 2 }), [1]);
    assert.deepEqual(await seqs({ limit: 3, after: 0 }), [1, 2, 3]);
    assert.deepEqual(await seqs({ limit: 3, after: 5 }), [6, 7]);
    assert.deepEqual(await seqs({ after: 7 }), []);
    assert.deepEqual(await seqs({ before: 1 }), []);
    assert.deepEqual(await seqs({ after: 2, before: 6 }), [3, 4, 5]);
    for (const bad of [{ limit: 201 }, { limit: 0 }, { before: 0 }, { after: -1 }] as Record<string, number>[]) {
      await refused(seqs(bad), 'INVALID_INPUT');
    }
  });

  it('is not for those who are not in the conversation', async () => {
    const [ann, bob, eve] = await people(3);
    const { conversationId: id } = await ann.ask('message.send', body(bob.id, 'between us'));
    await refused(eve.ask('message.index', { id }), 'NOT_A_MEMBER');
    await refused(eve.ask('conversation.show', { id }), 'NOT_A_MEMBER');
    await refused(eve.ask('message.index', { id: '99' }), 'CONVERSATION_NOT_FOUND');
    await refused(eve.ask('message.index', { id: 'x' }), 'INVALID_INPUT');
  });
});
