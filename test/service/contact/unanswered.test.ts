import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { befriend } from '../../support/friends';
import { groupOf } from '../../support/group';
import { people, text, type Person } from '../../support/person';
import { refused } from '../../support/refusal';
import { app, count, otherProcess, storesNothing } from '../../support/service';
import { limitUnanswered } from '../../support/unanswered';
import { draftOf } from '../../support/writer';
import { WsClient } from '../../support/ws_client';

const write = (from: Person, to: Person, words = 'hello') =>
  from.ask('message.send', { body: { to: { userId: to.id }, ...text(words) } });

const codeOf = ({ code }: { readonly code: string }) => code;

/** Sends so many, one after the other. Returns the conversation. */
async function writeTimes(from: Person, to: Person, times: number): Promise<string> {
  const sent = [];
  for (let index = 0; index < times; index++) sent.push(await write(from, to, `${index}`));
  return sent[0].conversationId;
}

describe('messages to a stranger who has not answered', () => {
  it('are refused past the limit for ever, and those to others are not', async () => {
    limitUnanswered(3);
    const [ann, bob, cat] = await people(3);
    await writeTimes(ann, bob, 3);
    await storesNothing(async () => {
      const { details, retryAfterMs } = await refused(write(ann, bob), 'NOT_ANSWERED');
      assert.deepEqual([details, retryAfterMs], [{ limit: 3 }, undefined]);
    });
    await write(ann, cat);
  });

  it('are counted when they are recalled or deleted for both, too', async () => {
    limitUnanswered(2);
    const [ann, bob] = await people(2);
    const conversationId = await writeTimes(ann, bob, 2);
    await ann.call('message.recall', { conversationId, seq: 1 });
    await ann.call('message.remove', { conversationId, seqs: [2], for: 'both' });
    await refused(write(ann, bob), 'NOT_ANSWERED');
  });

  it('go on at once when an answer comes, also at another process, and in both directions', async () => {
    const writer = limitUnanswered(2);
    const [ann, bob] = await people(2);
    const conversationId = await writeTimes(ann, bob, 2);
    await refused(write(ann, bob), 'NOT_ANSWERED');
    await otherProcess({ unanswered: 2 }).engine.writer.send(draftOf(bob, conversationId));
    await writeTimes(ann, bob, 4);
    for (let index = 0; index < 4; index++) await writer.send(draftOf(bob, conversationId));
  });

  it('go on when the two become friends, until they are no friends any more', async () => {
    limitUnanswered(1);
    const [ann, bob] = await people(2);
    await write(ann, bob);
    await refused(write(ann, bob), 'NOT_ANSWERED');
    await befriend(ann, bob);
    await writeTimes(ann, bob, 2);
    await ann.call('friend.remove', { userId: bob.id });
    await refused(write(ann, bob), 'NOT_ANSWERED');
    await write(bob, ann);
    await write(ann, bob);
  });

  it('are not more when many are sent at once, at two processes', async () => {
    const processes = [limitUnanswered(5), otherProcess({ unanswered: 5 }).engine.writer];
    const [ann, bob] = await people(2);
    const { conversationId } = await write(ann, bob);
    const sends = Array.from({ length: 20 }, (_, index) => processes[index % 2].send(draftOf(ann, conversationId)));
    const answers = await Promise.all(sends.map(each => each.then(sent => sent.message.seq, codeOf)));
    assert.deepEqual(answers.sort(), [2, 3, 4, 5, ...Array<string>(16).fill('NOT_ANSWERED')]);
    assert.equal(await count('message WHERE conversation_id = :conversationId', { conversationId }), 5);
  });

  it('are answered again as at first when they are repeated past the limit', async () => {
    limitUnanswered(2);
    const [ann, bob] = await people(2);
    const body = { to: { userId: bob.id }, ...text('once') };
    const first = await ann.ask('message.send', { body });
    await write(ann, bob);
    await refused(write(ann, bob), 'NOT_ANSWERED');
    assert.deepEqual(await ann.ask('message.send', { body }), first);
  });

  it('may be any number where the limit is 0', async () => {
    limitUnanswered(0);
    const [ann, bob] = await people(2);
    await writeTimes(ann, bob, 25);
  });

  it('may be any number in a conversation that was there before the limit', async () => {
    limitUnanswered(2);
    const [ann, bob] = await people(2);
    const conversationId = Number(await writeTimes(ann, bob, 2));
    // As the migration leaves it.
    await app.model.ConversationMember.update({ hasWritten: true }, { where: { conversationId } });
    await app.model.Conversation.increment('memberVersion', { where: { id: conversationId } });
    await writeTimes(ann, bob, 2);
  });

  it('concern neither groups nor the conversation with oneself, and an earlier one can be edited', async () => {
    limitUnanswered(1);
    const [ann, bob] = await people(2);
    const { conversationId } = await groupOf([ann, bob]);
    for (const words of ['1', '2']) await ann.ask('message.send', { body: { conversationId, ...text(words) } });
    await writeTimes(ann, ann, 2);
    const { conversationId: single } = await write(ann, bob);
    await refused(write(ann, bob), 'NOT_ANSWERED');
    await ann.call('message.edit', { conversationId: single, seq: 1, content: { text: 'better' } });
  });

  it('are refused with the answer of a block, or of who takes none from strangers, where there is one', async () => {
    limitUnanswered(1);
    const [ann, bob, cat] = await people(3);
    for (const each of [bob, cat]) await write(ann, each);
    await bob.call('block.create', { userId: ann.id });
    await refused(write(ann, bob), 'BLOCKED');
    await cat.call('user.update', { privacy: { messages: 'friends' } });
    await refused(write(ann, cat), 'NOT_FRIENDS');
  });
});

describe('past the limit of messages to a stranger', () => {
  let ann: Person;
  let bob: Person;
  let conversationId: string;

  beforeEach(async () => {
    limitUnanswered(2);
    [ann, bob] = await people(2);
    conversationId = await writeTimes(ann, bob, 2);
  });

  const forward = (merged: boolean) =>
    ann.call('message.forward', {
      from: { conversationId, seqs: [1, 2] },
      to: { userId: bob.id },
      clientMsgIds: [randomUUID(), ...(merged ? [] : [randomUUID()])],
      ...(merged && { merged }),
    });
  const ways: Record<string, () => Promise<unknown>> = {
    'to the user': () => write(ann, bob),
    'to the conversation': () => ann.ask('message.send', { body: { conversationId, ...text('x') } }),
    'to the address of the conversation': () => ann.ask('message.create', { id: conversationId, body: text('x') }),
    'by a socket': async () => (await ann.connect()).send({ conversationId, ...text('x') }),
    'by forwarding one by one': () => forward(false),
    'by forwarding as one': () => forward(true),
  };
  for (const [way, send] of Object.entries(ways)) {
    it(`nobody writes ${way}`, () => storesNothing(() => refused(send(), 'NOT_ANSWERED')));
  }

  it('nobody writes by a client of an older kind', async () => {
    const client = await WsClient.of(ann);
    await storesNothing(async () => {
      client.say({ body: 'x', receiverId: bob.id });
      assert.equal(await client.failure(), 'NOT_ANSWERED');
    });
  });
});
