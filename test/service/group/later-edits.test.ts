import assert from 'node:assert/strict';
import { scene } from '../../support/group';
import { messagesOf } from '../../support/replica';
import { text, type Person } from '../../support/person';
import { app } from '../../support/service';

/** The texts of a conversation's messages as a new device of somebody pulls them. */
async function textsOf(someone: Person, type: string): Promise<unknown[]> {
  const { entries } = await someone.call('sync.pull', { after: 0, limit: 500 });
  const messages = entries.filter(each => each.type === type).flatMap(messagesOf);
  return messages.filter(each => each.type === 'text').map(each => each.content.text);
}

describe('what is edited after somebody has left a group', () => {
  it('is not in their stream, whatever was edited before is, and the others have it', async () => {
    const { id, members } = await scene(3);
    const [ann, bob, cat] = members;
    const say = (words: string) => ann.ask('message.create', { id, body: text(words) });
    const edit = (seq: number, words: string) =>
      ann.call('message.edit', { conversationId: id, seq, content: { text: words } });
    const [one, two, three] = [await say('one'), await say('two'), await say('three')];
    await edit(one.seq, 'one, while cat was there');
    await edit(two.seq, 'two, while cat was there');
    await ann.call('member.remove', { groupId: id, userIds: [cat.id] });
    await edit(two.seq, 'two, secretly');
    await edit(three.seq, 'three, secretly');

    assert.deepEqual(await textsOf(cat, 'message.new'), ['one, while cat was there']);
    assert.deepEqual(await textsOf(cat, 'message.edited'), ['one, while cat was there']);
    assert.deepEqual(await textsOf(bob, 'message.new'), [
      'one, while cat was there',
      'two, secretly',
      'three, secretly',
    ]);

    await ann.call('member.add', { groupId: id, userIds: [cat.id] });
    const four = await say('four');
    await edit(four.seq, 'four, for cat too');
    const seen = ['one, while cat was there', 'four, for cat too'];
    assert.deepEqual(await textsOf(cat, 'message.new'), seen, 'a new membership does not show what was edited between');

    await ann.call('group.update', { groupId: id, history: 'all' });
    await cat.call('group.leave', { groupId: id });
    await edit(four.seq, 'four, secretly');
    await ann.call('member.add', { groupId: id, userIds: [cat.id] });
    assert.equal((await textsOf(cat, 'message.new')).at(-1), 'four, secretly', 'who may see the whole history sees it');
    assert.equal(await app.model.FormerMember.count({ where: { groupId: Number(id) } }), 1);
  });
});
