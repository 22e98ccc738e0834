import assert from 'node:assert/strict';
import type { Actor } from '../../../app/lib/auth/actor';
import { groupOf } from '../../support/group';
import { absentees } from '../../support/notice';
import { people, text, type Person } from '../../support/person';
import { app, count } from '../../support/service';
import { leastTraffic } from '../../support/traffic';

const MEMBERS = 1000;
/** Of the list of receivers, which three statements name, and of everything else. */
const BYTES = 60_000;

const actorOf = ({ id, deviceId }: Person): Actor => ({ app: 'default', userId: Number(id), deviceId, sessionId: '' });

describe('in a group of a thousand', () => {
  let ann: Person;
  let id: number;
  /** What the server has said before the first message. */
  let lines: number;

  before(async () => {
    let bob: Person;
    [ann, bob] = await people(2);
    const { id: groupId } = await groupOf([ann, bob]);
    const others = await absentees(MEMBERS - 2);
    await app.model.User.update({ allowGroups: 'everyone' }, { where: { id: others } });
    for (let from = 0; from < others.length; from += 500) {
      await ann.call('member.add', { groupId, userIds: others.slice(from, from + 500) });
    }
    id = Number(groupId);
    lines = await count("message WHERE conversation_id = :id AND type = 'system'", { id });
    for (const words of ['one', 'two', 'three', 'four'])
      await ann.ask('message.create', { id: groupId, body: text(words) });
  });

  const told = (type: string) => count('push_history WHERE conversation_id = :id AND type = :type', { id, type });

  it('each change of a message takes two round trips, and no row of each member goes to the database', async () => {
    const { mark, change, removal } = app.mockContext().service.message;
    const actor = actorOf(ann);
    const seq = lines + 1;
    const edit = (words: string) => () => change.edit(actor, id, seq, { content: { text: words } });
    const changes = {
      react: [true, false, true].map(is => () => mark.react(actor, id, seq, '👍', is)),
      pin: [true, false, true].map(is => () => mark.pin(actor, id, seq, is)),
      star: [true, false, true].map(is => () => mark.star(actor, id, seq, is)),
      edit: ['hello', 'hallo', 'salut'].map(edit),
      hide: [[seq + 1], [seq + 2]].map(seqs => () => removal.hide(actor, id, seqs)),
      recall: [() => change.recall(actor, id, seq + 3)],
    };
    // From then on the members are known.
    await mark.react(actor, id, seq, 'ok', true);
    for (const [name, calls] of Object.entries(changes)) {
      const { trips, bytes } = await leastTraffic(calls);
      assert.equal(trips, 2, name);
      assert.ok(bytes < BYTES, `${name}: ${bytes} bytes`);
    }
    assert.deepEqual(
      [await told('message.reacted'), await told('message.pinned'), await told('message.edited')],
      [4 * MEMBERS, 3 * MEMBERS, 3 * MEMBERS],
    );
  });

  it('a read takes three round trips', async () => {
    const { reads } = app.engine;
    const { userId } = actorOf(ann);
    const [{ lastSeq }] = await app.model.Conversation.findAll({ where: { id }, attributes: ['lastSeq'], raw: true });
    await app.model.ConversationMember.update({ readSeq: 0 }, { where: { conversationId: id, userId } });
    const calls = [2, 1, 0].map(
      before => () => reads.read({ app: 'default', userId, conversationId: id, seq: lastSeq - before }),
    );
    const { trips, bytes } = await leastTraffic(calls);
    assert.equal(trips, 3);
    assert.ok(bytes < 4000, `${bytes} bytes`);
  });

  it('a reaction of each of many at once takes no more round trips than that of one', async () => {
    const { mark } = app.mockContext().service.message;
    const actor = actorOf(ann);
    const reactions = (is: boolean) => () =>
      Promise.all(Array.from({ length: 15 }, (_, index) => mark.react(actor, id, lines + 1, `a${index}`, is)));
    // On a busy machine a few of a round may come after the first have gone.
    const { trips, bytes } = await leastTraffic([true, false, true, false, true].map(reactions));
    assert.equal(trips, 2);
    assert.ok(bytes < 2 * BYTES, `${bytes} bytes`);
  });
});
