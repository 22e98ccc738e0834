import assert from 'node:assert/strict';
import { people, text } from '../support/person';
import { app, otherProcess } from '../support/service';
import { draftOf } from '../support/writer';

describe('on a server that takes backslashes as they are', () => {
  const set = (mode: string) => app.model.query(`SET GLOBAL sql_mode = '${mode}'`);
  let before: string;

  beforeEach(async () => {
    const [rows] = await app.model.query('SELECT @@GLOBAL.sql_mode AS mode');
    before = (rows as { mode: string }[])[0].mode;
    await set('NO_BACKSLASH_ESCAPES');
  });

  afterEach(() => set(before));

  it('a text with quotes is stored as it was sent, and is no SQL', async () => {
    const [ann, bob] = await people(2);
    const sender = await ann.connect();
    const { conversationId } = await sender.send({ to: { userId: bob.id }, ...text('one') });
    const quotes = `'); DROP TABLE message; -- " \\' \\`;
    // Of a process that connects only now: a mode is taken on when a connection opens.
    const { writer } = otherProcess().engine;
    await writer.send(draftOf(ann, conversationId, { content: JSON.stringify({ text: quotes }) }));
    const history = await bob.ask('message.index', { id: conversationId, query: { limit: 50 } });
    assert.deepEqual(history.at(-1)?.content, { text: quotes });
  });
});
