import assert from 'node:assert/strict';
import { contextOf } from '../../app/io/handshake';
import { ask } from '../../app/protocol/ask';
import { outsideOf } from '../../app/protocol/outside';
import { groupOf } from '../support/group';
import { limit } from '../support/limits';
import { people, person, text, type Person } from '../support/person';
import { app, socketOf } from '../support/service';

const delivery = { sent: () => Promise.resolve(), cut: () => undefined };

/** The context of a connection of somebody's. */
async function contextFor(someone: Person) {
  await someone.connect();
  const socket = socketOf(someone);
  return Object.assign(contextOf(app, socket), { actor: socket.data });
}

describe('a call that an adapter makes in the name of a user', () => {
  it('is answered with plain data, and the cursor of the next page where there is one', async () => {
    const [ann, bob] = await people(2);
    const group = await groupOf([ann, bob]);
    for (const words of ['one', 'two', 'three']) {
      await ann.ask('message.send', {
        id: group.conversationId,
        body: { conversationId: group.conversationId, ...text(words) },
      });
    }
    const ctx = await contextFor(bob);
    const page = (before?: number) =>
      ask(ctx, delivery, 'message.index', {
        conversationId: group.conversationId,
        limit: 2,
        ...(before && { before }),
      });
    const latest = await page();
    assert.deepEqual(
      latest.data.map(({ content }) => content.text),
      ['two', 'three'],
    );
    const { data, nextCursor } = await page(Number(latest.nextCursor));
    assert.equal(data.at(-1)?.content.text, 'one');
    assert.ok(nextCursor === undefined || Number(nextCursor) <= data[0].seq);
  });

  it('has the input validated, and is refused what the user may not', async () => {
    const [ann, bob, carl] = await people(3);
    const { conversationId } = await groupOf([ann, bob]);
    const ctx = await contextFor(carl);
    await assert.rejects(ask(ctx, delivery, 'message.index', { conversationId: 'x', limit: 2 }), {
      code: 'INVALID_INPUT',
    });
    await assert.rejects(ask(ctx, delivery, 'message.index', { conversationId, limit: 0 }), { code: 'INVALID_INPUT' });
    await assert.rejects(ask(ctx, delivery, 'message.index', { conversationId, limit: 2 }), { code: 'NOT_A_MEMBER' });
  });

  it('counts as any other of that user', async () => {
    const ann = await person();
    const ctx = await contextFor(ann);
    await limit({ searches: 2 });
    const search = () => ask(ctx, delivery, 'user.search', { q: 'nobody at all', limit: 1 });
    assert.deepEqual(await search(), { data: [] });
    await ann.call('user.search', { q: 'nobody at all', limit: 1 });
    await assert.rejects(search(), { code: 'RATE_LIMITED' });
  });

  it('is one of many in one context that do not see each other', async () => {
    const [ann, bob] = await people(2);
    const ctx = await contextFor(ann);
    const ids = [ann.id, bob.id, ann.id, bob.id];
    const answers = await Promise.all(ids.map(userId => ask(ctx, delivery, 'user.show', { userId })));
    assert.deepEqual(
      answers.map(({ data }) => data.id),
      ids,
    );
    assert.equal('args' in ctx && ctx.args !== undefined, false);
  });
});

describe('what a client of another namespace has come by', () => {
  it('is no WebSocket while it polls, and one as soon as it has changed to it', async () => {
    const ann = await person();
    const device = await ann.connect({ transports: ['polling', 'websocket'] });
    const socket = socketOf(ann);
    const outside = outsideOf(app, socket);
    assert.equal(outside.request, socket.request);
    while (socket.conn.transport.name === 'polling') {
      assert.equal(outside.socket, undefined);
      await device.call('user.me', {});
    }
    assert.equal(outside.socket?.readyState, outside.socket?.OPEN);
    outside.delivery.cut();
    await device.closed();
  });
});
