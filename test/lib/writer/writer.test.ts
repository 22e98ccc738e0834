import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { lockConversations } from '../../../app/lib/message/locked_conversation';
import { settings } from '../../../config/settings';
import { people, text } from '../../support/person';
import { refused } from '../../support/refusal';
import { app, count, otherProcess, select } from '../../support/service';
import { draftOf } from '../../support/writer';

const numbers = (to: number) => Array.from({ length: to }, (_, index) => index + 1);

/** Two people and the conversation they have. */
async function pair() {
  const [ann, bob] = await people(2);
  const body = { to: { userId: bob.id }, ...text('hello') };
  const { conversationId } = await ann.ask('message.send', { body });
  return { ann, bob, conversationId };
}

describe('the writer, in two processes on one database', () => {
  it('gives a conversation one order without a gap, and so each stream', async () => {
    const { ann, bob, conversationId } = await pair();
    const engines = [otherProcess().engine, otherProcess().engine];
    const sends = numbers(200).map(index => {
      const sender = index % 3 ? ann : bob;
      return engines[index % 2].writer.send(draftOf(sender, conversationId));
    });
    const sent = await Promise.all(sends);
    const seqs = sent.map(each => each.message.seq).sort((a, b) => a - b);
    assert.deepEqual([1, ...seqs], numbers(201));
    for (const { id } of [ann, bob]) {
      const rows = await select(
        'SELECT sync_seq, from_seq, to_seq FROM push_history WHERE receiver_id = :id ORDER BY sync_seq',
        { id },
      );
      assert.deepEqual(
        rows.map(row => row.sync_seq),
        numbers(rows.length),
      );
      const covered = rows.flatMap(row => numbers(row.to_seq as number).slice((row.from_seq as number) - 1));
      assert.deepEqual(covered, numbers(201), 'the runs of the stream hold every message once, in order');
    }
  });

  it('stores a message once that comes through both', async () => {
    const { ann, conversationId } = await pair();
    const engines = [otherProcess().engine, otherProcess().engine];
    const drafts = numbers(30).map(() => draftOf(ann, conversationId));
    const sent = await Promise.all(
      drafts.map(draft => Promise.all(engines.map(engine => engine.writer.send({ ...draft })))),
    );
    for (const [one, other] of sent) {
      const places = [one, other].map(each => [each.message.seq, each.syncSeq]);
      assert.deepEqual(places[0], places[1]);
    }
    assert.equal(await count('message WHERE conversation_id = :conversationId', { conversationId }), 31);
  });

  it('gets past deadlocks between conversations that share members', async () => {
    const [ann, bob, cat] = await people(3);
    const members = [ann, bob, cat];
    const ids = await Promise.all(
      members.map(async (owner, index) => {
        const memberIds = members.filter((_, each) => each !== index).map(each => each.id);
        return (await owner.ask('group.create', { body: { name: 'Us', memberIds } })).id;
      }),
    );
    const engines = [otherProcess({ commitQueues: 3 }).engine, otherProcess({ commitQueues: 3 }).engine];
    const sends = numbers(300).map(index =>
      engines[index % 2].writer.send(draftOf(members[index % 3], ids[(index * 7) % 3])),
    );
    const sent = await Promise.all(sends);
    for (const id of ids) {
      const seqs = sent.filter(each => each.message.conversationId === Number(id)).map(each => each.message.seq);
      assert.deepEqual(
        seqs.sort((a, b) => a - b),
        numbers(seqs.length),
      );
    }
    for (const { id } of members) {
      const rows = await select('SELECT sync_seq FROM push_history WHERE receiver_id = :id ORDER BY sync_seq', { id });
      assert.deepEqual(
        rows.map(row => row.sync_seq),
        numbers(rows.length),
      );
      assert.equal(await count('user_inbox WHERE user_id = :id AND last_seq = :head', { id, head: rows.length }), 1);
    }
  });
});

/** Holds the lock of a conversation's row until the returned function is called. */
async function lock(conversationId: string): Promise<() => Promise<void>> {
  let release = () => {};
  const released = new Promise<void>(resolve => (release = resolve));
  let held: Promise<void>;
  await new Promise<void>((resolve, reject) => {
    held = app.engine.database.begin(async session => {
      await session.query([lockConversations([Number(conversationId)])]);
      resolve();
      await released;
      await session.commit([]);
    });
    held.catch(reject);
  });
  return () => {
    release();
    return held;
  };
}

describe('a conversation whose row somebody else has locked', () => {
  it('keeps nobody else waiting in its queue, and what is sent to it goes on when it is free', async () => {
    const [{ ann, conversationId }, free] = [await pair(), await pair()];
    const { engine } = otherProcess({ commitQueues: 1 });
    const unlock = await lock(conversationId);
    const settled: string[] = [];
    const waiting = numbers(20).map(() =>
      engine.writer.send(draftOf(ann, conversationId)).then(({ message }) => settled.push(`${message.seq}`)),
    );
    for (const number of numbers(10)) {
      const { message } = await engine.writer.send(draftOf(free.ann, free.conversationId));
      assert.equal(message.seq, number + 1);
    }
    assert.deepEqual(settled, [], 'the others have not been waited for');
    await unlock();
    await Promise.all(waiting);
    assert.deepEqual(
      settled,
      numbers(20).map(number => `${number + 1}`),
      'in the order in which they were sent',
    );
  });

  it('is waited for by changes of it, and by nobody else', async () => {
    const [{ ann, conversationId }, free] = [await pair(), await pair()];
    const unlock = await lock(conversationId);
    const reaction = { seq: 1, reaction: '👍', reacted: true };
    const refusals = numbers(10).map(() => refused(ann.call('message.react', { ...reaction, conversationId }), 'BUSY'));
    await free.ann.call('message.react', { ...reaction, conversationId: free.conversationId });
    await Promise.all(refusals);
    await unlock();
    await ann.call('message.react', { ...reaction, conversationId });
  });

  it('refuses with BUSY within two seconds or so, stores nothing of that, and takes what comes later', async () => {
    const { ann, conversationId } = await pair();
    const { engine } = otherProcess({ commitQueues: 1 });
    const unlock = await lock(conversationId);
    const began = performance.now();
    const sends = numbers(5).map(() => engine.writer.send(draftOf(ann, conversationId)));
    for (const each of sends) await assert.rejects(each, { code: 'BUSY', retryable: true });
    assert.ok(performance.now() - began < 3500);
    await unlock();
    assert.equal((await engine.writer.send(draftOf(ann, conversationId))).message.seq, 2);
  });
});

describe('the writer', () => {
  it('serves a sender who has one message before the rest of one who has hundreds', async () => {
    const [many, one] = [await pair(), await pair()];
    const { engine } = otherProcess({ commitQueues: 1, queueShare: 5000 });
    let left = 1200;
    const sends = numbers(left).map(() =>
      engine.writer.send(draftOf(many.ann, many.conversationId)).finally(() => left--),
    );
    await engine.writer.send(draftOf(one.ann, one.conversationId));
    assert.ok(left >= 700, `${left} of the other's were still waiting`);
    await Promise.all(sends);
  });

  it('refuses with BUSY what is over one sender’s share, and nobody else', async () => {
    const { ann, bob, conversationId } = await pair();
    const { engine } = otherProcess({ commitQueues: 1, queueShare: 10 });
    const own = numbers(30).map(() => engine.writer.send(draftOf(ann, conversationId)));
    const others = numbers(10).map(() => engine.writer.send(draftOf(bob, conversationId)));
    const results = await Promise.allSettled(own);
    assert.deepEqual(
      results.map(each => each.status),
      numbers(30).map(number => (number <= 10 ? 'fulfilled' : 'rejected')),
    );
    assert.equal((await Promise.all(others)).length, 10);
  });

  it('takes what waits into one transaction, and one entry for each recipient', async () => {
    const { ann, bob, conversationId } = await pair();
    const { engine } = otherProcess();
    const sent = await Promise.all(numbers(50).map(() => engine.writer.send(draftOf(ann, conversationId))));
    assert.deepEqual(
      sent.map(each => each.message.seq),
      numbers(51).slice(1),
    );
    assert.equal(await count('push_history WHERE receiver_id = :id', { id: bob.id }), 2);
  });

  it('settles a repetition within a batch like its first, in one attempt', async () => {
    const { ann, conversationId } = await pair();
    const { engine } = otherProcess();
    const draft = draftOf(ann, conversationId);
    const upper = { ...draft, clientMsgId: draft.clientMsgId.toUpperCase() };
    const other = draftOf(ann, conversationId);
    const sent = await Promise.all([draft, upper, other, draft].map(each => engine.writer.send(each)));
    assert.deepEqual(
      sent.map(({ message, syncSeq }) => [message.seq, syncSeq]),
      [
        [2, 2],
        [2, 2],
        [3, 2],
        [2, 2],
      ],
    );
    assert.equal(await count('message WHERE conversation_id = :conversationId', { conversationId }), 3);
  });

  it('refuses what is wrong in a batch, and stores its neighbours', async () => {
    const { ann, bob, conversationId } = await pair();
    const [eve] = await people(1);
    const { engine } = otherProcess({ commitQueues: 1 });
    const wrong = [
      draftOf(eve, conversationId),
      draftOf(ann, '99'),
      draftOf(ann, conversationId, { app: 'other' }),
      draftOf(ann, conversationId, { replyTo: 99 }),
      draftOf(ann, conversationId, { mentions: [Number(eve.id)] }),
    ];
    const right = [draftOf(ann, conversationId), draftOf(bob, conversationId, { replyTo: 1 })];
    const results = await Promise.allSettled([right[0], ...wrong, right[1]].map(draft => engine.writer.send(draft)));
    assert.deepEqual(
      results.map(each => (each.status === 'fulfilled' ? each.value.message.seq : (each.reason as Error).message)),
      [2, 'NOT_A_MEMBER', 'CONVERSATION_NOT_FOUND', 'CONVERSATION_NOT_FOUND', 'MESSAGE_NOT_FOUND', 'INVALID_INPUT', 3],
    );
  });

  it('lets nobody but the server write to a system conversation', async () => {
    const { ann, conversationId } = await pair();
    const { engine } = otherProcess();
    await app.model.Conversation.update({ type: 'system' }, { where: { id: Number(conversationId) } });
    await assert.rejects(engine.writer.send(draftOf(ann, conversationId)), { code: 'FORBIDDEN' });
  });

  it('refuses with BUSY what is too much, keeps all that it took, and never both', async () => {
    const { ann, conversationId } = await pair();
    const { engine } = otherProcess({ commitQueues: 1, queueMax: 20 });
    const drafts = numbers(60).map(() => draftOf(ann, conversationId));
    const results = await Promise.allSettled(drafts.map(draft => engine.writer.send(draft)));
    const stored = results.filter(each => each.status === 'fulfilled').length;
    assert.equal(stored, 20);
    for (const each of results) if (each.status === 'rejected') assert.match(String(each.reason), /BUSY/);
    assert.equal(await count('message WHERE conversation_id = :conversationId', { conversationId }), 21);
    const again = await Promise.all(drafts.slice(40).map(draft => engine.writer.send(draft)));
    assert.equal(again.at(-1)!.message.seq, 41);
  });

  it('keeps any text as it is, and what looks like SQL too', async () => {
    const { ann, bob, conversationId } = await pair();
    const words = [`'); DROP TABLE message; --`, '\\', `\\'`, '?', ':id', '\u0000', '🀄️', '%s', '$1', '"', '`'];
    const { engine } = otherProcess();
    const content = (each: string) => JSON.stringify({ text: each });
    await Promise.all(
      words.map(each =>
        engine.writer.send(draftOf(ann, conversationId, { content: content(each), extra: content(each) })),
      ),
    );
    const history = await bob.ask('message.index', { id: conversationId });
    assert.deepEqual(
      history.slice(1).map(each => [each.content, each.extra]),
      words.map(each => [{ text: each }, { text: each }]),
    );
  });

  it('is UNAVAILABLE within five seconds when nothing listens where the database was', async () => {
    const { ann, conversationId } = await pair();
    const server = createServer().listen(0);
    const { port } = server.address() as AddressInfo;
    await new Promise(resolve => server.close(resolve));
    const { engine } = otherProcess({ database: { ...settings.database, host: '127.0.0.1', port, connections: 2 } });
    const began = performance.now();
    const clientMsgId = randomUUID();
    const sends = numbers(10).map(() => engine.writer.send(draftOf(ann, conversationId, { clientMsgId })));
    for (const each of sends) await assert.rejects(each, { code: 'UNAVAILABLE', retryable: true });
    assert.ok(performance.now() - began < 5000);
    assert.equal(await count('message WHERE client_msg_id = :clientMsgId', { clientMsgId }), 0);
  });
});
