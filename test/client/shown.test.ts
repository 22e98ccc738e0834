import assert from 'node:assert/strict';
import { setTimeout as later } from 'node:timers/promises';
import { Client, MemoryStore, until, type Store } from 'egg-im-client';
import { groupOf } from '../support/group';
import { Line, PhoneMemory } from '../support/line';
import { people, text } from '../support/person';
import { clientOf, closing } from '../support/sdk';
import { url } from '../support/service';

/** A store on a busy device: whatever is read takes its time. */
function slowStore(): Store {
  const store = new MemoryStore();
  return {
    read: async work => {
      await later(50);
      return store.read(work);
    },
    write: work => store.write(work),
    close: () => store.close(),
  };
}

describe('what the client shows', () => {
  it('is all there when it says so', async () => {
    const [ann, ben] = await people(2);
    const { conversationId } = await ann.call('message.send', { to: { userId: ben.id }, ...text('one') });
    const client = await clientOf(ben, { store: () => Promise.resolve(slowStore()) });
    assert.equal(client.conversation(conversationId).value?.lastSeq, 1);
  });

  it('is a group that stays, once it is there, while all is loaded for the first time', async () => {
    const [ann, ben] = await people(2);
    const { id } = await groupOf([ann, ben]);
    const client = closing(new Client({ url: url() }));
    await client.login(ben.credentials);
    await until(client.connection, ({ state }) => state === 'online');
    const watched = client.group(id);
    const shown: boolean[] = [];
    watched.subscribe(({ group }) => shown.push(group !== undefined));
    await client.level();
    await until(watched, ({ group }) => group !== undefined);
    assert(shown.lastIndexOf(false) < shown.indexOf(true), shown.join());
  });

  it('is also what another tab has stored that was closed right after', async () => {
    const [ann, ben] = await people(2);
    const { conversationId } = await ann.call('message.send', { to: { userId: ben.id }, ...text('one') });
    const [memory, line] = [new PhoneMemory(), new Line()];
    let bury: () => void = () => undefined;
    const buried = new Promise<void>(resolve => (bury = resolve));
    const shared = await memory.options.store();
    let isClosing = false;
    /** The store as a tab has it that ends with its next transaction. */
    const dying: Store = {
      read: work => shared.read(work),
      write: async work => {
        const result = await shared.write(work);
        if (isClosing) await buried;
        return result;
      },
      close: () => shared.close(),
    };
    await clientOf(ben, { ...memory.options, store: () => Promise.resolve(dying) });
    const other = closing(new Client({ url: url(), io: line.dial, ...memory.options }));
    assert.ok(await other.start());
    await other.level();
    line.deaf('sync:push', 'sync:head');
    isClosing = true;
    await ann.call('message.send', { conversationId, ...text('two') });
    await until(other.conversation(conversationId), one => one?.lastSeq === 2);
    bury();
  });

  it('is what another tab has loaded, where it could not be loaded here', async () => {
    const [ann, ben] = await people(2);
    const { conversationId } = await ann.call('message.send', { to: { userId: ben.id }, ...text('one') });
    const [memory, line] = [new PhoneMemory(), new Line()];
    const first = await clientOf(ben, memory.options);
    const second = closing(new Client({ url: url(), io: line.dial, ...memory.options }));
    assert.ok(await second.start());
    await second.level();
    line.down();
    await until(second.connection, ({ state }) => state !== 'online');
    const list = second.messages({ conversationId });
    await until(list, ({ isLoading }) => !isLoading);
    assert.deepEqual(list.value.messages, []);
    const loaded = first.messages({ conversationId });
    await until(loaded, ({ messages }) => messages.length === 1);
    await until(list, ({ messages }) => messages.length === 1);
  });

  it('is never empty on the way from older messages to the latest', async () => {
    const [ann, ben] = await people(2);
    const { conversationId } = await ann.call('message.send', { to: { userId: ben.id }, ...text('one') });
    for (let n = 2; n <= 80; n++) await ann.call('message.send', { conversationId, ...text(String(n)) });
    const list = (await clientOf(ben)).messages({ conversationId });
    await until(list, ({ messages, isLoading }) => messages.length > 0 && !isLoading);
    await list.jumpTo(1);
    const counts: number[] = [];
    list.subscribe(({ messages }) => counts.push(messages.length));
    await list.latest();
    assert.equal(list.value.messages.at(-1)?.seq, 80);
    assert(counts.every(count => count > 0));
  });
});
