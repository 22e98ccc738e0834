import assert from 'node:assert/strict';
import type { Message } from '../../app/schema/message';
import { people, person, text, type Person } from '../support/person';
import { app } from '../support/service';
import { draftOf } from '../support/writer';

const PEOPLE = 5;
const EACH = 200;

/** Sends through the writer as fast as it takes them, which is what a thousand clients together do. */
async function flood(sender: Person, conversationId: string): Promise<void> {
  const sends = Array.from({ length: EACH }, () => app.engine.writer.send(draftOf(sender, conversationId)));
  await Promise.all(sends);
}

/** Sends each message after the ack of the one before, so that each is an entry of its own. */
async function trickle(sender: Person, conversationId: string): Promise<void> {
  for (let sent = 0; sent < EACH; sent++) await app.engine.writer.send(draftOf(sender, conversationId));
}

const manners = { 'all at once': flood, 'one after the other': trickle };

/** Each conversation whole and in order. */
function assertComplete(messages: readonly Message[], histories: ReadonlyMap<string, Message[]>): void {
  assert.equal(messages.length, PEOPLE * EACH + 1);
  for (const [conversationId, history] of histories) {
    assert.deepEqual(
      messages.filter(each => each.conversationId === conversationId),
      history,
    );
  }
}

async function historyOf(someone: Person, id: string): Promise<Message[]> {
  const history: Message[] = [];
  for (;;) {
    const after = history.at(-1)?.seq ?? 0;
    const page = await someone.ask('message.index', { id, query: { after, limit: 200 } });
    if (page.length === 0) return history;
    history.push(...page);
  }
}

describe('a member who was offline for a thousand messages', () => {
  for (const [manner, send] of Object.entries(manners)) {
    it(`has them all, in order, each once, on each of her devices, and quickly, when they were sent ${manner}`, async () => {
      const friends = await people(PEOPLE);
      const ann = await person();
      const laptop = await ann.login();
      const online = await ann.connect();
      const { conversationId } = await online.send({ to: { userId: friends[0].id }, ...text('see you tomorrow') });
      await online.reaches(1);
      online.wire.disconnect();

      const ids = await Promise.all(
        friends.slice(1).map(async friend => {
          const { id } = await friend.ask('group.create', { body: { name: 'Group', memberIds: [ann.id] } });
          return id;
        }),
      );
      const conversations = [conversationId, ...ids];
      await Promise.all(conversations.map((id, index) => send(friends[index], id)));
      const histories = new Map<string, Message[]>();
      for (const id of conversations) histories.set(id, await historyOf(ann, id));

      const began = performance.now();
      const back = await ann.connect({ after: 1 });
      const { head } = await back.first('sync:head');
      await back.reaches(head);
      const took = Math.round(performance.now() - began);
      console.log(`      ${PEOPLE * EACH} messages in ${back.replica.entries.length} entries took ${took} ms`);
      assertComplete([...online.replica.messages, ...back.replica.messages], histories);
      assert.ok(took < 5000, `${took} ms`);

      const second = await laptop.connect();
      await second.reaches(head);
      assertComplete(second.replica.messages, histories);
      assert.deepEqual(second.replica.entries.slice(1), back.replica.entries);
    });
  }

  it('misses nothing of what is sent while she comes back', async () => {
    const friends = await people(PEOPLE);
    const ann = await person();
    const ids = await Promise.all(
      friends.map(async friend => {
        const { id } = await friend.ask('group.create', { body: { name: 'Group', memberIds: [ann.id] } });
        return id;
      }),
    );
    const flooding = Promise.all(ids.map((id, index) => flood(friends[index], id)));
    const devices = await Promise.all([0, 2, 4].map(after => ann.connect({ after })));
    await flooding;
    const { head } = await ann.ask('sync.pull', { query: { after: 0 } });
    for (const device of devices) {
      await device.reaches(head);
      const last = new Map(device.replica.messages.map(each => [each.conversationId, each.seq]));
      assert.deepEqual(
        [...last.values()],
        ids.map(() => EACH),
      );
    }
    assert.equal(devices[0].replica.messages.length, PEOPLE * EACH);
  });
});
