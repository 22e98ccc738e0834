import { MemoryStore, type Dial } from 'egg-im-client';
import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { io } from 'socket.io-client';
import { people, text } from '../support/person';
import { clientOf } from '../support/sdk';

/** Connections on which what is pushed comes when it is let through. */
function slowPushes(): { dial: Dial; release(): void } {
  const held: (() => void)[] = [];
  const dial: Dial = (url, options) => {
    const socket = io(url, options);
    const on = (event: string, listener: (...args: never[]) => void) => {
      const tell = listener as (...args: unknown[]) => void;
      const hold = (...args: unknown[]) => void held.push(() => tell(...args));
      return socket.on(event, event === 'sync:push' ? hold : tell);
    };
    return { on, emit: socket.emit.bind(socket), disconnect: () => socket.disconnect() };
  };
  return {
    dial,
    release() {
      for (const push of held.splice(0)) push();
    },
  };
}

describe('a draft in the client', () => {
  it('is there all the time, from the key that was pressed to the entry of the stream', async () => {
    const [ann, ben] = await people(2);
    const { conversationId } = await ann.call('message.send', { to: { userId: ben.id }, ...text('Hello') });
    const { dial, release } = slowPushes();
    const store = new MemoryStore();
    const client = await clientOf(ann, { io: dial, store: () => Promise.resolve(store) });
    await client.draft(conversationId, 'half a word');
    // Until the server has answered, and nothing is to be told any more.
    while ((await store.read(t => t.list('intents'))).length > 0) await nextTurn();
    const row = await store.read(t => t.get('conversations', [conversationId]));
    assert.equal(row?.settings.draft, 'half a word');
    release();
    await client.level();
    assert.equal(client.conversation(conversationId).value?.draft, 'half a word');
  });
});
