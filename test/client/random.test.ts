import assert from 'node:assert/strict';
import { takeNotices, type Actor } from '../support/choosers';
import { UserOfClient } from '../support/client_user';
import { Dice } from '../support/crowd';
import { Disasters } from '../support/disasters';
import { groupOf } from '../support/group';
import { withIndexedDb } from '../support/indexed_db';
import { Installation } from '../support/installation';
import { operate } from '../support/operations';
import { people, text, type Person } from '../support/person';
import { assertSame } from '../support/same';
import { happenings, Tally } from '../support/tally';

/*
 * People do random things while the network of two of them, who use the SDK in four tabs on three devices, is bad. Now and then their
 * tokens expire, an account is deleted, what they lack is purged, the history of the streams is ended, or the server killed. In the
 * end what each store holds is what the server answers, and everything that was written is stored once. CLIENT_SEED replays a run,
 * CLIENT_SEEDS does more of them.
 */
const FIRST = Number(process.env.CLIENT_SEED ?? 1);
const SEEDS = Number(process.env.CLIENT_SEEDS ?? (process.env.CLIENT_SEED ? 1 : 20));
const STEPS = 120;
const AT_ONCE = 8;
/** In every so manieth run the server is killed: to start another takes its time. */
const KILLED = 10;

describe('clients on a bad network', () => {
  withIndexedDb();

  it(`hold what the server has, and have sent all once (CLIENT_SEED=${FIRST}, CLIENT_SEEDS=${SEEDS})`, async function () {
    this.timeout(SEEDS * 20_000 + 60_000);
    takeNotices();
    const tally = new Tally();
    const disasters = new Disasters(tally);
    const seeds = Array.from({ length: SEEDS }, (_, index) => FIRST + index);
    const failed: string[] = [];
    const work = async () => {
      for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
        await run(seed, disasters, tally).catch((error: unknown) => {
          failed.push(
            `CLIENT_SEED=${seed}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
          );
          // Of a long run each as it comes.
          if (SEEDS > 20) console.error(failed.at(-1));
        });
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, SEEDS) }, work));
    await disasters.servers.stop();
    if (SEEDS > 20) console.log(`${SEEDS - failed.length} of ${SEEDS} held: ${tally}`);
    assert.equal(failed.length, 0, failed.join('\n\n'));
    if (SEEDS < 20) return;
    for (const happening of happenings) assert.ok(tally.of(happening) > 0, `${happening}: never`);
  });
});

async function run(seed: number, disasters: Disasters, tally: Tally): Promise<void> {
  const dice = new Dice(seed);
  const { departed, servers } = disasters;
  const persons = await people(5);
  const groups = [(await groupOf(persons.slice(0, 4))).id, (await groupOf(persons.slice(1, 5))).id];
  await persons[0].call('message.send', { to: { userId: persons[1].id }, ...text('hello') });
  const actors: Actor[] = persons.map(person => ({ person, call: (name, input) => person.call(name, input) }));
  const around = { dice, tally, url: servers.url, kind: dice.pick(['memory', 'memory', 'IndexedDB'] as const) };
  const userOf = async (person: Person, tabs: number, name: string) =>
    new UserOfClient(await Installation.of(person, tabs, around), dice, tally, `${seed}${name}`);
  const users = [await userOf(persons[0], 2, 'a'), await userOf(persons[0], 1, 'b'), await userOf(persons[1], 1, 'c')];
  try {
    for (let step = 0; step < STEPS; step++) {
      const there = actors.filter(({ person }) => !departed.has(person));
      // One in each run for sure, others as it happens.
      const which = step === STEPS / 3 ? seed : dice.chance(0.015) && dice.below(100);
      if (which !== false) await disasters.befall({ dice, users, others: actors.slice(2) }, which);
      else if (dice.chance(0.4)) await dice.pick(users).act(persons, groups);
      else await operate({ dice, persons, devices: there, groups, isGone: each => departed.has(each) });
      if (step === STEPS / 2 && seed % KILLED === 0) await disasters.killServer();
    }
    await departed.finish();
    for (const user of users) user.installation.mend();
    for (const user of users) await assertSame(user.installation);
    for (const user of users) await user.assertSent();
  } finally {
    for (const user of users) await user.installation.close();
  }
}
