import assert from 'node:assert/strict';
import type { Client } from '../../support/client';
import { assertUnread, streamOf } from '../../support/changes';
import { groupOf, makeAdmin } from '../../support/group';
import { pair } from '../../support/packets';
import { people, text, type Person } from '../../support/person';
import { inOrder, viewOf } from '../../support/view';

/** A fixed sequence, so that a failure can be had again. */
function randomFrom(seed: number) {
  let state = seed;
  return (below: number) => (state = (state * 1103515245 + 12345) % 2147483648) % below;
}

/** What is asked of the server at random: whatever is refused is one more thing that happens. */
function anyCall(client: Client, conversationId: string, random: (below: number) => number, last: number) {
  const at = { conversationId, seq: 1 + random(last) };
  const yes = random(3) > 0;
  const seqs = [at.seq, at.seq + 1];
  const calls: (() => Promise<unknown>)[] = [
    () => client.send({ conversationId, ...text(`about ${at.seq}`) }),
    () => client.send({ conversationId, ...text('and more') }),
    () => client.call('message.edit', { ...at, content: { text: `edited ${random(1000)}` } }),
    () => client.call('message.recall', at),
    () => client.call('message.react', { ...at, reaction: ['👍', '🎉', 'ok'][random(3)], reacted: yes }),
    () => client.call('message.react', { ...at, reaction: '👍', reacted: yes }),
    () => client.call('message.pin', { ...at, pinned: yes }),
    () => client.call('message.star', { ...at, starred: yes }),
    () => client.call('message.remove', { conversationId, seqs: seqs.slice(random(2)), for: 'both' }),
    () => client.call('message.remove', { conversationId, seqs: seqs.slice(random(2)), for: 'me' }),
    () => client.call('conversation.read', at),
  ];
  return calls[random(calls.length)]().catch(() => undefined);
}

/** A device that was there all the time, one that pulls everything now, and the lists show the same. */
async function assertSame(who: Person, client: Client, conversationId: string): Promise<void> {
  const stream = await streamOf(who);
  await client.reaches(stream.length);
  const history = (await who.call('message.index', { conversationId, limit: 200 })).map(inOrder);
  const pins = await who.call('message.pins', { conversationId });
  const stars = await who.call('message.stars', { limit: 200 });
  for (const entries of [client.replica.entries, stream]) {
    const view = viewOf(conversationId, entries);
    assert.deepEqual(view.messages, history);
    assert.deepEqual(
      view.pinned,
      pins.map(each => each.seq).sort((a, b) => a - b),
    );
    assert.deepEqual(
      view.starred,
      stars.map(each => each.message.seq).sort((a, b) => a - b),
    );
  }
  await assertUnread(who);
}

describe('messages that are changed at random by all at once', () => {
  it('look the same on every device, online or later, in a single conversation', async () => {
    const { ann, bob, client, other, conversationId } = await pair();
    const random = randomFrom(11);
    const clients = [client, other, await (await bob.login()).connect()];
    for (let round = 1; round <= 6; round++) {
      const calls = Array.from({ length: 24 }, () => anyCall(clients[random(3)], conversationId, random, round * 3));
      await Promise.all(calls);
    }
    for (const [index, each] of [ann, bob, bob].entries()) await assertSame(each, clients[index], conversationId);
  });

  it('look the same on every device, online or later, in a group', async () => {
    const members = await people(4);
    const { id } = await groupOf(members);
    await makeAdmin(id, members[1]);
    const clients = await Promise.all(members.map(each => each.connect()));
    await clients[0].send({ conversationId: id, ...text('hello all') });
    const random = randomFrom(23);
    for (let round = 1; round <= 6; round++) {
      const calls = Array.from({ length: 24 }, () => anyCall(clients[random(4)], id, random, round * 3));
      await Promise.all(calls);
    }
    for (const [index, each] of members.entries()) await assertSame(each, clients[index], id);
  });
});
