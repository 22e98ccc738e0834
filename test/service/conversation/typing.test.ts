import assert from 'node:assert/strict';
import { groupOf } from '../../support/group';
import type { Client } from '../../support/client';
import { people, person, text, type Person } from '../../support/person';
import { block } from '../../support/presence';
import { refused } from '../../support/refusal';
import { app, mm, storesNothing } from '../../support/service';

const types = (who: Client, conversationId: string, typing = true) =>
  who.call('conversation.typing', { conversationId, typing });

/** What the other parts of the service do when they change who may write. */
async function change(conversationId: string, values: { muteAll?: boolean } = {}): Promise<void> {
  const where = { id: Number(conversationId) };
  await app.model.Conversation.update(values, { where });
  await app.model.Conversation.increment('memberVersion', { where });
}

async function conversationOf(one: Client, other: Person): Promise<string> {
  return (await one.send({ to: { userId: other.id }, ...text('hello') })).conversationId;
}

describe('who types', () => {
  it('is shown to the other user on all devices, and to nobody else', async () => {
    const [ann, bob, cat] = await people(3);
    const [a, second, b, c] = [
      await ann.connect(),
      await (await ann.login()).connect(),
      await bob.connect(),
      await cat.connect(),
    ];
    const laptop = await (await bob.login()).connect();
    const conversationId = await conversationOf(a, bob);
    await storesNothing(async () => {
      assert.deepEqual(await types(a, conversationId), {});
      assert.deepEqual(await types(a, conversationId, false), {});
    });
    for (const client of [b, laptop]) {
      await client.until(() => client.told('conversation:typing')[1], 'the end of typing');
      assert.deepEqual(client.told('conversation:typing'), [
        { conversationId, userId: ann.id, typing: true },
        { conversationId, userId: ann.id, typing: false },
      ]);
    }
    for (const client of [a, second, c]) assert.deepEqual(client.told('conversation:typing'), []);
  });

  it('is shown to the members of a group, of 200 at most', async () => {
    const [ann, bob, cat, dan] = await people(4);
    const [a, b, c, d] = await Promise.all([ann, bob, cat, dan].map(each => each.connect()));
    const { id } = await groupOf([ann, bob, cat]);
    const place = { conversationId: Number(id), joinedAt: new Date() };
    const others = Array.from({ length: 198 }, (_, index) => ({ ...place, userId: index + 1 }));
    await app.model.ConversationMember.bulkCreate(others);
    await change(id);
    await types(a, id);
    await app.model.ConversationMember.destroy({ where: { conversationId: place.conversationId, userId: 1 } });
    await change(id);
    await types(a, id, false);
    const told = [{ conversationId: id, userId: ann.id, typing: false }];
    for (const client of [b, c]) {
      await client.first('conversation:typing');
      assert.deepEqual(client.told('conversation:typing'), told);
    }
    for (const client of [a, d]) assert.deepEqual(client.told('conversation:typing'), []);
  });

  it('to themselves is shown to nobody', async () => {
    const [ann, bob] = await people(2);
    const [a, b] = [await ann.connect(), await bob.connect()];
    await types(a, await conversationOf(a, ann));
    await types(a, await conversationOf(a, bob));
    await b.first('conversation:typing');
    assert.equal(b.told('conversation:typing').length, 1);
    assert.deepEqual(a.told('conversation:typing'), []);
  });
});

describe('typing is refused', () => {
  it('in a conversation of others, of another tenant, and in none', async () => {
    const [ann, bob, cat] = await people(3);
    const foreigner = await person({ app: 'elsewhere' });
    const [a, b, c, f] = await Promise.all([ann, bob, cat, foreigner].map(each => each.connect()));
    const single = await conversationOf(a, bob);
    const { id } = await groupOf([ann, bob]);
    for (const conversationId of [single, id]) {
      await refused(types(c, conversationId), 'NOT_A_MEMBER');
      await refused(types(f, conversationId), 'CONVERSATION_NOT_FOUND');
    }
    await refused(types(a, '7'), 'CONVERSATION_NOT_FOUND');
    await types(b, single);
    assert.deepEqual(await a.first('conversation:typing'), { conversationId: single, userId: bob.id, typing: true });
    assert.equal(a.told('conversation:typing').length, 1);
  });

  it('as soon as somebody is a member no more', async () => {
    const [ann, bob] = await people(2);
    const [a, b] = [await ann.connect(), await bob.connect()];
    const { id } = await groupOf([ann, bob]);
    await types(b, id);
    await ann.ask('member.remove', { id, body: { userIds: [bob.id] } });
    await refused(types(b, id), 'NOT_A_MEMBER');
    await types(a, id);
    assert.equal((await a.first('conversation:typing')).userId, bob.id);
  });

  it('to who is muted, or blocked, or no friend where only friends may write', async () => {
    const [ann, bob] = await people(2);
    const [a, b] = [await ann.connect(), await bob.connect()];
    const { id } = await groupOf([ann, bob]);
    await change(id, { muteAll: true });
    await refused(types(b, id), 'MUTED');
    await types(a, id);
    await change(id, { muteAll: false });
    const where = { conversationId: Number(id), userId: Number(bob.id) };
    await app.model.ConversationMember.update({ mutedUntil: new Date(Date.now() + 60_000) }, { where });
    await change(id);
    await refused(types(b, id), 'MUTED');

    const single = await conversationOf(a, bob);
    mm(app.config.im, 'singlePolicy', 'friends');
    await refused(types(b, single), 'NOT_FRIENDS');
    mm(app.config.im, 'singlePolicy', 'anyone');
    await block(ann, bob);
    await change(single);
    await refused(types(b, single), 'BLOCKED');
    await types(a, single);
    await b.until(() => b.told('conversation:typing')[1], 'typing of the one who blocks');
    assert.deepEqual(a.told('conversation:typing'), []);
  });

  it('in the conversation of notices', async () => {
    const ann = await person();
    const a = await ann.connect();
    const id = Number(ann.id) + 1;
    await app.model.Conversation.create({ id, app: 'default', type: 'system', lastAt: new Date() });
    await app.model.ConversationMember.create({ conversationId: id, userId: Number(ann.id), joinedAt: new Date() });
    await refused(types(a, String(id)), 'FORBIDDEN');
  });
});
