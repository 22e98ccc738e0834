import assert from 'node:assert/strict';
import { Client, reasonOfEnd, until, type Dial } from 'egg-im-client';
import io2 from 'socket.io-client-2';
import { io as io3 } from 'socket.io-client-3';
import { io as io4 } from 'socket.io-client';
import { Line, PhoneMemory } from '../support/line';
import { people } from '../support/person';
import { clientOf, closing } from '../support/sdk';
import { app, url } from '../support/service';

const versions = {
  'Socket.IO 2.x': io2 as unknown as Dial,
  'Socket.IO 3.x': io3 as unknown as Dial,
  'Socket.IO 4.x': io4 as unknown as Dial,
};
const newPassword = 'a better horse';

for (const [version, io] of Object.entries(versions)) {
  describe(`a client by ${version}`, () => {
    it('sends and receives, and comes back by itself when the server has ended the connection', async () => {
      const [ann, ben] = await people(2);
      const [anns, bens] = [await clientOf(ann, { io }), await clientOf(ben)];
      const { conversationId } = await anns.send({ to: { userId: ben.id }, type: 'text', content: { text: 'hello' } });
      app.io.of('/im').in(`user:${ann.id}`).disconnectSockets(true);
      for (const socket of app.io.of('/im').sockets.values())
        if (String(socket.data.userId) === ann.id) socket.disconnect(true);
      await bens.send({ conversationId, type: 'text', content: { text: 'and you' } });
      await until(anns.messages({ conversationId }), each => each.messages.length === 2);
    });

    it('shows a newer token when its own has expired', async () => {
      const [ann] = await people(1);
      const memory = new PhoneMemory();
      await (await clientOf(ann, { io, ...memory.options })).close();
      memory.expire();
      const client = closing(new Client({ url: url(), io, ...memory.options }));
      assert.ok(await client.start());
      await client.level();
    });

    it('ends a session that the server has ended, and logs in again', async () => {
      const [ann] = await people(1);
      const client = await clientOf(ann, { io });
      await ann.call('session.remove', { deviceId: client.session.value!.deviceId });
      await until(client.session, each => each === undefined);
      await client.login(ann.credentials);
      await client.level();
    });
  });
}

describe('a session', () => {
  it('goes on in all tabs when the password is changed in one', async () => {
    const [ann] = await people(1);
    const memory = new PhoneMemory();
    const one = await clientOf(ann, memory.options);
    const other = closing(new Client({ url: url(), ...memory.options }));
    assert.ok(await other.start());
    await other.level();
    // From before it: a tab may be back before the answer is here.
    const left = [one, other].map(tab => until(tab.connection, each => each.state !== 'online'));
    await one.changePassword({ oldPassword: ann.credentials.password, newPassword });
    await Promise.all(left);
    for (const tab of [one, other]) await until(tab.isLevel, isLevel => isLevel);
  });

  it('is refreshed once, however many ask', async () => {
    const [ann] = await people(1);
    const memory = new PhoneMemory();
    await (await clientOf(ann, memory.options)).close();
    memory.expire();
    const line = new Line();
    const tabs = [1, 2].map(() => closing(new Client({ url: url(), io: line.dial, ...memory.options })));
    for (const tab of tabs) assert.ok(await tab.start());
    for (const tab of tabs) await tab.level();
    const [session] = tabs.map(tab => tab.session.value);
    await until(tabs[1].session, each => each?.accessToken === session?.accessToken);
  });
  it('tells that the account was deleted, also to a device that was away', async () => {
    const [ann] = await people(1);
    const memory = new PhoneMemory();
    await (await clientOf(ann, memory.options)).close();
    const there = await clientOf(ann);
    const states = [there.connection];
    await ann.call('user.destroy', { password: ann.credentials.password });
    const away = closing(new Client({ url: url(), ...memory.options }));
    await away.start();
    states.push(away.connection);
    for (const state of states) {
      const { error } = await until(state, each => each.error !== undefined);
      assert.equal(reasonOfEnd(error!), 'deleted');
    }
    for (const { session } of [there, away]) await until(session, each => each === undefined);
  });
});
