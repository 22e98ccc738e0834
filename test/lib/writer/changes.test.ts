import assert from 'node:assert/strict';
import type { SequelizeSession } from '../../../app/lib/database/sequelize';
import type { Mark } from '../../../app/lib/message/marks';
import type { Change, MessageChange } from '../../../app/lib/writer/changes';
import { AppError } from '../../../app/schema/errors';
import { groupOf } from '../../support/group';
import { people, text, type Person } from '../../support/person';
import { refused } from '../../support/refusal';
import { app, count } from '../../support/service';
import { transactionsOf } from '../../support/traffic';
import { blocked, headOf, namesIn, streamAfter } from '../../support/unit';

type Work = Change<SequelizeSession>['work'];

/** A change by somebody that does `work`. */
const changeBy = ({ id }: Person, work: Work, given: Partial<Change<SequelizeSession>> = {}) => ({
  app: 'default',
  userId: Number(id),
  work,
  ...given,
});

/** A change of the second message by somebody, which may be about marks. */
function messageChangeBy<T>({ id }: Person, marks: readonly Mark[], work: MessageChange<T>['work']): MessageChange<T> {
  const userId = Number(id);
  return { app: 'default', userId, subject: { userId, seqs: [2], marks }, work };
}

describe('changes of a conversation', () => {
  let ann: Person;
  let bob: Person;
  let id: string;

  before(async () => {
    [ann, bob] = await people(2);
    ({ id } = await groupOf([ann, bob]));
    for (const words of ['one', 'two']) await ann.ask('message.create', { id, body: text(words) });
  });

  const run = (change: Change<SequelizeSession>) => app.engine.conversationChanges.run(Number(id), change);
  const runMessages = <T>(change: MessageChange<T>) => app.engine.conversationChanges.runMessages(Number(id), change);

  it('are refused in another tenant, or a conversation of another type, or none', async () => {
    const nothing = () => Promise.resolve();
    const missing = { code: 'CONVERSATION_NOT_FOUND' };
    await assert.rejects(run(changeBy(ann, nothing, { app: 'other' })), missing);
    await assert.rejects(run(changeBy(ann, nothing, { type: 'single' })), missing);
    await assert.rejects(app.engine.conversationChanges.run(99, changeBy(ann, nothing)), missing);
    await run(changeBy(ann, nothing, { type: 'group' }));
  });

  it('share a transaction when they come at once, each with its own answer', async () => {
    const begun = await transactionsOf(async () => {
      const reactions = Array.from({ length: 15 }, (_, index) =>
        ann.call('message.react', { conversationId: id, seq: 1, reaction: `r${index}`, reacted: true }),
      );
      const missing = bob.call('message.react', { conversationId: id, seq: 99, reaction: 'x', reacted: true });
      await refused(missing, 'MESSAGE_NOT_FOUND');
      await Promise.all(reactions);
    });
    assert.ok(begun < 16, `${begun} transactions`);
    assert.equal(await count('message_reaction WHERE conversation_id = :id AND seq = 1', { id }), 15);
  });

  it('that come to messages at once find what those before them have done', async () => {
    const reaction = {
      table: 'message_reaction',
      conversation_id: Number(id),
      seq: 2,
      user_id: Number(ann.id),
    } as const;
    const own = { ...reaction, reaction: 'own' };
    const change = messageChangeBy(ann, [own], (_, unit, messages) => {
      const isThere = messages.has(own);
      unit.defer(isThere ? messages.take(own) : messages.put([own]));
      return [isThere, messages.reactionsTo(2)];
    });
    let found: unknown[] = [];
    const begun = await transactionsOf(async () => {
      found = await Promise.all([change, change, change].map(runMessages));
    });
    assert.equal(begun, 1);
    assert.deepEqual(found, [
      [false, ['own']],
      [true, []],
      [false, ['own']],
    ]);
    assert.equal(await count('message_reaction WHERE conversation_id = :id AND seq = 2', { id }), 1);
  });

  it('that come to messages at once may be of all kinds, and find what is there already', async () => {
    const mark = { conversation_id: Number(id), seq: 2, user_id: Number(bob.id) };
    const marks: Mark[] = [
      { ...mark, table: 'message_reaction', reaction: 'well done' },
      { ...mark, table: 'message_pin' },
      { ...mark, table: 'message_star' },
      { ...mark, table: 'message_hidden' },
    ];
    const look = messageChangeBy(bob, marks, (_, __, messages) => marks.map(each => messages.has(each)));
    assert.deepEqual(await runMessages(look), [false, false, false, false]);
    const put = marks.map(each =>
      messageChangeBy(bob, [each], (_, unit, messages) => unit.defer(messages.put([each]))),
    );
    assert.equal(await transactionsOf(() => Promise.all(put.map(runMessages))), 1);
    assert.deepEqual(await runMessages(look), [true, true, true, true]);
    const take = messageChangeBy(bob, marks, (_, unit, messages) =>
      unit.defer(...marks.map(each => messages.take(each))),
    );
    await runMessages(take);
    assert.deepEqual(await runMessages(look), [false, false, false, false]);
  });

  it('that are refused leave nothing behind, while those beside them stand, and a mistake undoes only itself', async () => {
    const head = await headOf(Number(ann.id));
    const recording = (name: string) =>
      messageChangeBy(ann, [], (_, unit) => unit.record(blocked(name, [Number(ann.id)])));
    const refusedOne = messageChangeBy(bob, [], () => {
      throw new AppError('FORBIDDEN');
    });
    const broken = messageChangeBy(bob, [], (_, unit) => unit.defer('UPDATE nowhere SET a = 1'));
    const results = await Promise.allSettled([recording('1'), refusedOne, broken, recording('2')].map(runMessages));
    assert.deepEqual(
      results.map(each => each.status),
      ['fulfilled', 'rejected', 'rejected', 'fulfilled'],
    );
    assert.deepEqual(namesIn(await streamAfter(Number(ann.id), head)).sort(), ['1', '2']);
  });

  it('run one at a time, and those that can not share alone', async () => {
    let running = 0;
    const together: number[] = [];
    const work = async () => {
      together.push(++running);
      await new Promise(setImmediate);
      running--;
    };
    const begun = await transactionsOf(() => Promise.all(Array.from({ length: 6 }, () => run(changeBy(ann, work)))));
    assert.deepEqual([together, begun], [[1, 1, 1, 1, 1, 1], 6]);
  });

  it('are served by user in turn', async () => {
    const order: string[] = [];
    const work = (name: string) => () => Promise.resolve(void order.push(name));
    await Promise.all([
      ...Array.from({ length: 10 }, () => run(changeBy(ann, work('ann')))),
      run(changeBy(bob, work('bob'))),
    ]);
    assert.ok(order.indexOf('bob') <= 2, order.join(' '));
  });

  it('answer what the change gives, also when the transaction has to run twice', async () => {
    let runs = 0;
    const work = () => {
      runs++;
      return runs === 1 ? Promise.reject(Object.assign(new Error('deadlock'), { errno: 1213 })) : Promise.resolve();
    };
    await run(changeBy(ann, work));
    assert.equal(runs, 2);
  });
});
