import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { person, text } from '../../support/person';
import { refused } from '../../support/refusal';
import { storesNothing } from '../../support/service';

describe('two tenants', () => {
  it('may each have an account of the same name, with its own password and profile', async () => {
    const account = `shared-${randomUUID()}`;
    const here = await person({ account, name: 'Here' });
    const there = await person({ account, name: 'There', app: 'other', password: 'another password' });
    assert.notEqual(here.id, there.id);
    assert.deepEqual([there.session.user.app, there.session.user.name], ['other', 'There']);
    assert.equal((await here.login()).id, here.id);
    assert.equal((await there.login()).id, there.id);
    await refused(there.login({ password: 'correct horse battery' }), 'WRONG_CREDENTIALS');
  });

  it('do not see or reach each other’s users', async () => {
    const [here, there] = [await person(), await person({ app: 'other' })];
    const friend = await person();
    const group = await here.ask('group.create', { body: { name: 'Here', memberIds: [friend.id] } });
    const socket = await there.connect();
    await storesNothing(async () => {
      await refused(there.ask('user.show', { id: here.id }), 'USER_NOT_FOUND');
      const message = { to: { userId: here.id }, ...text('hello over there') };
      await refused(there.ask('message.send', { body: message }), 'USER_NOT_FOUND');
      await refused(socket.send(message), 'USER_NOT_FOUND');
      await refused(there.ask('group.create', { body: { name: 'Both', memberIds: [here.id] } }), 'USER_NOT_FOUND');
      const add = here.ask('member.add', { id: group.id, body: { userIds: [there.id] } });
      await refused(add, 'USER_NOT_FOUND');
    });
  });

  it('do not see or reach each other’s conversations', async () => {
    const [ann, bob, stranger] = [await person(), await person(), await person({ app: 'other' })];
    const { id } = await ann.ask('group.create', { body: { name: 'Ours', memberIds: [bob.id] } });
    const single = await ann.ask('message.send', { body: { to: { userId: bob.id }, ...text('between us') } });
    const socket = await stranger.connect();
    await storesNothing(async () => {
      for (const conversationId of [id, single.conversationId]) {
        const at = { id: conversationId };
        await refused(stranger.ask('conversation.show', at), 'CONVERSATION_NOT_FOUND');
        await refused(stranger.ask('message.index', at), 'CONVERSATION_NOT_FOUND');
        await refused(stranger.ask('message.create', { ...at, body: text('hi') }), 'CONVERSATION_NOT_FOUND');
        await refused(socket.send({ conversationId, ...text('hi') }), 'CONVERSATION_NOT_FOUND');
        await refused(socket.request('conversation:read', { conversationId, seq: 1 }), 'CONVERSATION_NOT_FOUND');
        await refused(stranger.ask('group.show', at), 'CONVERSATION_NOT_FOUND');
        await refused(stranger.ask('member.index', at), 'CONVERSATION_NOT_FOUND');
        await refused(stranger.ask('group.leave', at), 'CONVERSATION_NOT_FOUND');
        const body = { userIds: [bob.id] };
        await refused(stranger.ask('member.remove', { ...at, body }), 'CONVERSATION_NOT_FOUND');
      }
    });
    assert.deepEqual(await stranger.ask('conversation.index'), []);
    assert.deepEqual((await socket.request('sync:pull', { after: 0 })).entries, []);
  });
});
