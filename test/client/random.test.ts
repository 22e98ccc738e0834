import assert from 'node:assert/strict';
import { nothing, takeNotices, type Actor } from '../support/choosers';
import { Dice } from '../support/crowd';
import { groupOf } from '../support/group';
import { Installation } from '../support/installation';
import { choose } from '../support/operations';
import { people, text, type Person } from '../support/person';
import { Refusal } from '../support/refusal';
import { assertSame } from '../support/same';
import { UserOfClient } from '../support/client_user';

/*
 * People do random things while the network of two of them, who use the SDK in three tabs on two devices, is bad: in the end what each
 * store holds is what the server answers, and everything that was written is stored once. CLIENT_SEED replays a run, CLIENT_SEEDS does
 * more of them.
 */
const FIRST = Number(process.env.CLIENT_SEED ?? 1);
const SEEDS = Number(process.env.CLIENT_SEEDS ?? (process.env.CLIENT_SEED ? 1 : 20));
const STEPS = Number(process.env.CLIENT_STEPS ?? 120);
const AT_ONCE = 4;

describe('clients on a bad network', () => {
  it(`hold what the server has, and have sent all once (CLIENT_SEED=${FIRST}, CLIENT_SEEDS=${SEEDS})`, async function () {
    this.timeout(SEEDS * 20_000 + 60_000);
    takeNotices();
    const seeds = Array.from({ length: SEEDS }, (_, index) => FIRST + index);
    const failed: string[] = [];
    const work = async () => {
      for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
        await run(seed).catch((error: unknown) => {
          failed.push(
            `CLIENT_SEED=${seed}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
          );
          // Of a long run each as it comes.
          if (SEEDS > 20) console.error(failed.at(-1));
        });
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, SEEDS) }, work));
    assert.equal(failed.length, 0, failed.join('\n\n'));
  });
});

async function run(seed: number): Promise<void> {
  const dice = new Dice(seed);
  const persons = await people(5);
  const groups = [(await groupOf(persons.slice(0, 4))).id, (await groupOf(persons.slice(1, 5))).id];
  await persons[0].call('message.send', {
    to: { userId: persons[1].id },
    ...text('hello'),
  });
  const devices: Actor[] = persons.map(person => ({ person, call: (name, input) => person.call(name, input) }));
  const users = [
    new UserOfClient(await Installation.of(persons[0], dice, 2), dice, `${seed}a`),
    new UserOfClient(await Installation.of(persons[0], dice, 1), dice, `${seed}b`),
    new UserOfClient(await Installation.of(persons[1], dice, 1), dice, `${seed}c`),
  ];
  try {
    for (let step = 0; step < STEPS; step++) {
      if (dice.chance(0.4)) await dice.pick(users).act(persons, groups);
      else await operate(dice, persons, devices, groups);
    }
    for (const user of users) user.installation.mend();
    for (const user of users) await assertSame(user.installation);
    for (const user of users) await user.assertSent();
  } finally {
    for (const user of users) await user.installation.close();
  }
}

async function operate(
  dice: Dice,
  persons: readonly Person[],
  devices: readonly Actor[],
  groups: string[],
): Promise<void> {
  const device = dice.pick(devices);
  const list = await device.person.call('conversation.index', { limit: 50 });
  if (list.length === 0) return;
  const [, , chooser] = choose(dice);
  const conversation = dice.pick(list);
  const step = await chooser({ dice, persons, devices, device, conversation, groups, isGone: () => false });
  if (step !== nothing) await step().catch(tolerate);
}

/** People try what they may not do; the service has to say no, not to fail. */
function tolerate(error: unknown): void {
  if (!(error instanceof Refusal) || error.failure.code === 'INTERNAL') throw error;
}
