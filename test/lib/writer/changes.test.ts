import assert from 'node:assert/strict';
import type { SequelizeSession } from '../../../app/lib/database/sequelize';
import type { Change } from '../../../app/lib/writer/changes';
import { groupOf } from '../../support/group';
import { people, text, type Person } from '../../support/person';
import { refused } from '../../support/refusal';
import { app, count, mm } from '../../support/service';

type Work = Change<SequelizeSession>['work'];

/** A change by somebody that does `work`. */
const changeBy = ({ id }: Person, work: Work, given: Partial<Change<SequelizeSession>> = {}) => ({
  app: 'default',
  userId: Number(id),
  isShared: true,
  work,
  ...given,
});

/** Counts the transactions that are begun from now on. */
function transactions(): () => number {
  let begun = 0;
  const { transaction } = app.model;
  mm(app.model, 'transaction', (...args: Parameters<typeof transaction>) => {
    begun++;
    return transaction.apply(app.model, args);
  });
  return () => begun;
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

  it('are refused in another tenant, or a conversation of another type, or none', async () => {
    const nothing = () => Promise.resolve();
    const missing = { code: 'CONVERSATION_NOT_FOUND' };
    await assert.rejects(run(changeBy(ann, nothing, { app: 'other' })), missing);
    await assert.rejects(run(changeBy(ann, nothing, { type: 'single' })), missing);
    await assert.rejects(app.engine.conversationChanges.run(99, changeBy(ann, nothing)), missing);
    await run(changeBy(ann, nothing, { type: 'group' }));
  });

  it('share a transaction when they come at once, each with its own answer', async () => {
    const begun = transactions();
    const reactions = Array.from({ length: 15 }, (_, index) =>
      ann.call('message.react', { conversationId: id, seq: 1, reaction: `r${index}`, reacted: true }),
    );
    const missing = bob.call('message.react', { conversationId: id, seq: 99, reaction: 'x', reacted: true });
    await refused(missing, 'MESSAGE_NOT_FOUND');
    await Promise.all(reactions);
    assert.ok(begun() < 16, `${begun()} transactions`);
    assert.equal(await count('message_reaction WHERE conversation_id = :id AND seq = 1', { id }), 15);
  });

  it('run one at a time, and those that can not share alone', async () => {
    let running = 0;
    const together: number[] = [];
    const begun = transactions();
    const work = async () => {
      together.push(++running);
      await new Promise(setImmediate);
      running--;
    };
    await Promise.all(Array.from({ length: 6 }, () => run(changeBy(ann, work, { isShared: false }))));
    assert.deepEqual([together, begun()], [[1, 1, 1, 1, 1, 1], 6]);
  });

  it('are served by user in turn', async () => {
    const order: string[] = [];
    const work = (name: string) => () => Promise.resolve(void order.push(name));
    const alone = { isShared: false };
    await Promise.all([
      ...Array.from({ length: 10 }, () => run(changeBy(ann, work('ann'), alone))),
      run(changeBy(bob, work('bob'), alone)),
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
