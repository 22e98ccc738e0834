import assert from 'node:assert/strict';
import { Client, until } from 'egg-im-client';
import { limit } from '../support/limits';
import { Line, PhoneMemory } from '../support/line';
import { people, type Person } from '../support/person';
import { clientOf, closing } from '../support/sdk';
import { app, mm, url } from '../support/service';

afterEach(mm.restore);

const words = (text: string) => ({ type: 'text' as const, content: { text } });
const textsOf = async (person: Person, conversationId: string) =>
  (await person.call('message.index', { conversationId, limit: 50 })).map(each => each.content.text);

/** The same installation, in another tab or after a restart. */
async function again(line: Line, memory: PhoneMemory): Promise<Client> {
  const client = closing(new Client({ url: url(), io: line.dial, ...memory.options }));
  assert.ok(await client.start());
  return client;
}

describe('the outbox', () => {
  it('keeps what was written offline over a restart, and sends it in order, however its receiver was named', async () => {
    const [ann, ben] = await people(2);
    const [line, memory] = [new Line(), new PhoneMemory()];
    const before = await clientOf(ann, { io: line.dial, ...memory.options });
    const { conversationId } = await before.send({ to: { userId: ben.id }, ...words('one') });
    await until(before.conversation(conversationId), each => each !== undefined);
    line.down();
    await until(before.connection, each => each.state !== 'online');
    await before.post({ to: { userId: ben.id }, ...words('two') });
    await before.post({ conversationId, ...words('three') });
    await before.post({ to: { userId: ben.id }, ...words('four') });
    await before.close();

    const after = await again(line, memory);
    const list = after.messages({ userId: ben.id });
    await until(list, each => each.pending.length === 3);
    line.up();
    after.wake();
    const { messages } = await until(list, each => each.messages.length === 4 && each.pending.length === 0);
    assert.deepEqual(
      messages.map(each => each.content.text),
      ['one', 'two', 'three', 'four'],
    );
    assert.deepEqual(await textsOf(ben, conversationId), ['one', 'two', 'three', 'four']);
  });

  it('sends a message once whose answer was lost', async () => {
    const [ann, ben] = await people(2);
    const line = new Line();
    const client = await clientOf(ann, { io: line.dial });
    line.loseAnswerTo('message:send');
    const { conversationId } = await client.send({ to: { userId: ben.id }, ...words('once') });
    assert.equal(line.counts('message:send'), 2);
    assert.deepEqual(await textsOf(ben, conversationId), ['once']);
  });

  it('does not ask again before the time that a limit has said, whatever else is written', async () => {
    const [ann, ben] = await people(2);
    const line = new Line();
    const client = await clientOf(ann, { io: line.dial });
    await limit({ sends: 1 });
    const { conversationId } = await client.send({ to: { userId: ben.id }, ...words('one') });
    await client.post({ conversationId, ...words('two') });
    await line.refused('message:send', 'RATE_LIMITED');
    await client.post({ conversationId, ...words('three') });
    await client.api.user.me();
    assert.equal(line.counts('message:send'), 2);
  });

  it('shows what is refused, and sends it by hand once that can be', async () => {
    const [ann, ben] = await people(2);
    const client = await clientOf(ann);
    await ben.call('block.create', { userId: ann.id });
    await assert.rejects(client.send({ to: { userId: ben.id }, ...words('hello') }), { code: 'BLOCKED' });
    const list = client.messages({ userId: ben.id });
    const { pending } = await until(list, each => each.pending.some(item => item.state === 'failed'));
    await ben.call('block.remove', { userId: ann.id });
    await client.retry(pending[0].clientMsgId);
    await until(list, each => each.messages.length === 1 && each.pending.length === 0);
  });

  it('is one for all tabs: what is discarded in one is so for who waits in another', async () => {
    const [ann, ben] = await people(2);
    const [line, memory] = [new Line(), new PhoneMemory()];
    const one = await clientOf(ann, { io: line.dial, ...memory.options });
    const other = await again(line, memory);
    line.down();
    await until(one.connection, each => each.state !== 'online');
    const sent = one.send({ to: { userId: ben.id }, ...words('never mind') });
    const { pending } = await until(other.messages({ userId: ben.id }), each => each.pending.length === 1);
    await Promise.all([assert.rejects(sent, { code: 'CANCELLED' }), other.discard(pending[0].clientMsgId)]);
  });

  it('is empty when everything was loaded anew before the stream has brought what was sent', async () => {
    const [ann, ben] = await people(2);
    const line = new Line();
    const client = await clientOf(ann, { io: line.dial });
    line.deaf('sync:push', 'sync:head');
    await client.send({ to: { userId: ben.id }, ...words('hello') });
    const list = client.messages({ userId: ben.id });
    await until(list, each => each.pending.some(item => item.state === 'sent'));
    await app.model.query('UPDATE stream_epoch SET epoch = UUID()');
    line.deaf();
    line.cut();
    const { messages } = await until(list, each => each.messages.length === 1 && each.pending.length === 0);
    assert.equal(messages[0].content.text, 'hello');
  });
});
