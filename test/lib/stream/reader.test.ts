import assert from 'node:assert/strict';
import { readPage } from '../../../app/lib/stream/reader';
import type { Message } from '../../../app/schema/message';
import { groupOf } from '../../support/group';
import { people, text, type Person } from '../../support/person';
import { messagesOf, type Entry } from '../../support/replica';
import { app, mm, otherProcess } from '../../support/service';
import { draftOf } from '../../support/writer';

const BOUNDS = { limit: 500, bytes: 1 << 20 };

/** Two people, and how the first sends so many messages at once, which are one entry for the second. */
async function pair() {
  const [ann, bob] = await people(2);
  const { conversationId } = await ann.ask('message.send', { body: { to: { userId: bob.id }, ...text('first') } });
  const { engine } = otherProcess();
  const send = (messages: number) =>
    Promise.all(Array.from({ length: messages }, () => engine.writer.send(draftOf(ann, conversationId))));
  return { userId: Number(bob.id), send };
}

describe('reading a page of a stream', () => {
  it('reads the head before the rows: an entry that comes between them is no reason to ask again', async () => {
    const { userId, send } = await pair();
    const { database } = app.engine;
    const query = database.query.bind(database);
    let hasCome = false;
    mm(database, 'query', async (statements: readonly string[]) => {
      const results: unknown[] = [];
      for (const statement of statements) {
        results.push(...(await query([statement])));
        if (!hasCome) await send(1);
        hasCome = true;
      }
      return results;
    });
    const { entries, head, last } = await readPage(database, userId, 0, BOUNDS);
    assert.deepEqual([entries.length, head, last], [2, 2, 2]);
  });

  it('ends it with the entry that brings its messages to five hundred', async () => {
    const { userId, send } = await pair();
    for (const messages of [298, 200, 1, 1, 1]) await send(messages);
    const page = (after: number) => readPage(app.engine.database, userId, after, BOUNDS);
    const { last, head } = await page(0);
    assert.deepEqual([last, head], [4, 6], 'with the five hundredth');
    assert.equal((await page(2)).last, 6);
  });

  it('asks for short messages together with their entries, however many conversations they are of', async () => {
    const [ann, ...others] = await people(4);
    const send = (from: Person, to: Person, words: string) =>
      from.ask('message.send', { body: { to: { userId: to.id }, ...text(words) } });
    for (let turn = 0; turn < 20; turn++) for (const other of others) await send(other, ann, `number ${turn}`);
    const sent: string[] = [];
    const { database } = app.engine;
    const query = database.query.bind(database);
    mm(database, 'query', (statements: readonly string[]) => {
      sent.push(...statements);
      return query(statements);
    });
    mm(database, 'select', (statement: string) => assert.fail(statement));
    const { entries } = await readPage(database, Number(ann.id), 0, BOUNDS);
    assert.equal(entries.length, 60);
    // Where the stream stands, fifty entries, and the rest.
    assert.equal(sent.length, 3);
  });

  it('gives what is long, changed, gone or of several as it gives the rest', async () => {
    const [ann, bob] = await people(2);
    const { id } = await groupOf([ann, bob]);
    const say = (more: object) => ann.call('message.create', { conversationId: id, ...text('short'), ...more });
    const after = (await bob.call('sync.pull', { after: 0 })).head;
    const first = await say({ mentions: [bob.id], mentionAll: true, extra: { colour: 'red' } });
    await say({ replyTo: first.seq });
    await say({ content: { text: '长'.repeat(2700) } });
    await say({ extra: { words: 'x'.repeat(4000) } });
    for (const what of ['edited', 'recalled', 'deleted']) await say({ content: { text: `to be ${what}` } });
    await ann.call('message.edit', { conversationId: id, seq: first.seq + 4, content: { text: 'edited' } });
    await ann.call('message.recall', { conversationId: id, seq: first.seq + 5 });
    await app.model.Message.update(
      { deletedAt: new Date() },
      { where: { conversationId: Number(id), seq: first.seq + 6 } },
    );
    await Promise.all(Array.from({ length: 3 }, () => app.engine.writer.send(draftOf(ann, id))));
    const { entries, last, head } = await readPage(app.engine.database, Number(bob.id), after, BOUNDS);
    assert.equal(last, head);
    const news = entries.map(each => JSON.parse(each) as Entry).filter(each => each.type === 'message.new');
    const messages = news.flatMap(messagesOf);
    const kinds = news.map(each => 'conversation' in each && each.conversation);
    assert.deepEqual(kinds, Array<unknown>(news.length).fill({ type: 'group' }));
    const shown = await bob.call('message.index', { conversationId: id, after: first.seq - 1, limit: 200 });
    const isDeleted = ({ deleted }: Message) => deleted === true;
    assert.deepEqual(
      messages.filter(each => !isDeleted(each)),
      shown,
    );
    assert.deepEqual(
      messages.filter(isDeleted).map(each => each.seq),
      [first.seq + 6],
    );
    assert.equal(messages.length, 10);
  });

  it('has entries whose data is long, a few at a time', async () => {
    const [ann, bob] = await people(2);
    const { id } = await groupOf([ann, bob]);
    const client = await bob.connect();
    for (let turn = 0; turn < 55; turn++) {
      await ann.call('group.update', { groupId: id, announcement: `${turn} ${'茶'.repeat(1900)}` });
    }
    const { head } = await bob.call('sync.pull', { after: 0, limit: 1 });
    await client.reaches(head);
    const pushed = client.told('sync:push').flatMap(({ entries }) => entries);
    const read: unknown[] = [];
    for (let after = pushed[0].syncSeq - 1; after < head;) {
      const { entries, last } = await readPage(app.engine.database, Number(bob.id), after, BOUNDS);
      read.push(...entries.map(each => JSON.parse(each) as Entry));
      after = last;
    }
    assert.deepEqual(read, pushed);
  });
});
