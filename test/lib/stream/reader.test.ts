import assert from 'node:assert/strict';
import { readPage } from '../../../app/lib/stream/reader';
import { people, text } from '../../support/person';
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
    const select = database.select.bind(database);
    let hasCome = false;
    mm(database, 'select', async (statement: Parameters<typeof select>[0]) => {
      const rows = await select(statement);
      if (!hasCome) await send(1);
      hasCome = true;
      return rows;
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
});
