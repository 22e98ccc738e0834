import assert from 'node:assert/strict';
import { AppError } from '../../../app/schema/errors';
import { befriend } from '../../support/friends';
import { groupOf } from '../../support/group';
import { people, text, type Person } from '../../support/person';
import { app, mm, otherProcess, storesNothing } from '../../support/service';
import { draftOf } from '../../support/writer';

const refusal = { name: AppError.name, code: 'NOT_FRIENDS' };

/** Makes a conversation of two users at a service where anybody may write. Returns its id. */
async function singleOf(one: Person, other: Person): Promise<string> {
  const body = { to: { userId: other.id }, ...text('hello') };
  return (await one.ask('message.send', { body })).conversationId;
}

describe('a service where only friends may write to each other', () => {
  it('two users write to each other while they are friends, neither before nor after', async () => {
    const [ann, bob] = await people(2);
    const conversationId = await singleOf(ann, bob);
    const { writer } = otherProcess({ singlePolicy: 'friends' }).engine;
    const send = (from: Person) => writer.send(draftOf(from, conversationId));
    await storesNothing(async () => {
      for (const one of [ann, bob]) await assert.rejects(send(one), refusal);
    });
    await ann.call('friend.ask', { userId: bob.id });
    await assert.rejects(send(ann), refusal);
    await bob.call('friend.answer', { userId: ann.id, answer: 'accept' });
    assert.equal((await send(ann)).message.seq, 2);
    assert.equal((await send(bob)).message.seq, 3);
    await bob.call('friend.remove', { userId: ann.id });
    for (const one of [ann, bob]) await assert.rejects(send(one), refusal);
  });

  it('nobody writes to a friend by whom they are blocked', async () => {
    const [ann, bob] = await people(2);
    await befriend(ann, bob);
    const conversationId = await singleOf(ann, bob);
    const { writer } = otherProcess({ singlePolicy: 'friends' }).engine;
    await ann.call('block.create', { userId: bob.id });
    await assert.rejects(writer.send(draftOf(bob, conversationId)), { code: 'BLOCKED' });
    assert.equal((await writer.send(draftOf(ann, conversationId))).message.seq, 2);
  });

  it('groups, and the conversation with oneself, need no friendship', async () => {
    const [ann, bob] = await people(2);
    const { conversationId } = await groupOf([ann, bob]);
    const own = await singleOf(ann, ann);
    const { writer } = otherProcess({ singlePolicy: 'friends' }).engine;
    assert.equal((await writer.send(draftOf(bob, conversationId))).message.senderId, Number(bob.id));
    assert.equal((await writer.send(draftOf(ann, own))).message.seq, 2);
  });

  it('other actions that take the right to write follow the same rule', async () => {
    const [ann, bob] = await people(2);
    const conversationId = await singleOf(ann, bob);
    const { access } = app.mockContext().service.conversation;
    const actor = { app: 'default', userId: Number(ann.id), deviceId: ann.deviceId, sessionId: '' };
    const speak = () =>
      access.run(actor, Number(conversationId), conversation => {
        access.assertMayWrite(actor, conversation);
        return Promise.resolve('spoken');
      });
    assert.equal(await speak(), 'spoken');
    mm(app.config.im, 'singlePolicy', 'friends');
    await assert.rejects(speak(), refusal);
    await befriend(ann, bob);
    assert.equal(await speak(), 'spoken');
  });
});

describe('a service where anybody may write', () => {
  it('two users who are no friends write to each other', async () => {
    const [ann, bob] = await people(2);
    const conversationId = await singleOf(ann, bob);
    const { writer } = otherProcess({ singlePolicy: 'anyone' }).engine;
    assert.equal((await writer.send(draftOf(bob, conversationId))).message.seq, 2);
    await befriend(ann, bob);
    await ann.call('friend.remove', { userId: bob.id });
    assert.equal((await writer.send(draftOf(bob, conversationId))).message.seq, 3);
  });
});
