import assert from 'node:assert/strict';
import { nothing, takeNotices } from './support/choosers';
import { crowd, Dice } from './support/crowd';
import { Departed } from './support/departed';
import { groupOf } from './support/group';
import { choose, operations, tolerate } from './support/operations';
import { text, type Person } from './support/person';
import { stateOfDevice, stateOfServer } from './support/server-state';

/*
 * 2,000 random things that people do, by 20 users on two devices each, some of which are away at times, and some of whom delete
 * their accounts. In the end every device, by its stream alone, and the server have to agree, and nothing is left of who is gone.
 * RANDOM_SEED replays a run, RANDOM_OPERATIONS makes a longer one.
 */
const OPERATIONS = Number(process.env.RANDOM_OPERATIONS ?? 2000);
const SEED = Number(process.env.RANDOM_SEED ?? 1);
const USERS = 20;
/** Of them, so many delete their accounts at most. */
const DEPARTING = 5;

describe('twenty people with two devices each', () => {
  it(`agree with the server and each other after ${OPERATIONS} random operations (RANDOM_SEED=${SEED})`, async function () {
    this.timeout(600_000);
    takeNotices();
    const dice = new Dice(SEED);
    const everybody = await crowd(USERS);
    const { persons, devices, arrivals } = everybody;
    const departed = new Departed();
    let staying = devices;
    const groups = [(await groupOf(persons.slice(0, 8))).id, (await groupOf(persons.slice(6, 14))).id];
    await persons[0].call('message.send', {
      to: { userId: persons[1].id },
      ...text('hello'),
    });
    const done = new Map(operations.map(([, name]) => [name, 0]));

    for (let count = 0; count < OPERATIONS; count++) {
      const device = dice.pick(staying);
      const list = await device.person.call('conversation.index', { limit: 50 });
      const [, name, chooser] = choose(dice);
      const conversation = list.length > 0 ? dice.pick(list) : undefined;
      if (conversation) {
        const leave = async () => {
          await departed.leave(device);
          for (const each of devices) if (departed.has(each.person)) each.go();
        };
        const isGone = (each: Person) => departed.has(each);
        const step = await chooser({
          ...everybody,
          dice,
          device,
          conversation,
          groups,
          isGone,
          ...(departed.size < DEPARTING && { leave }),
        });
        // Now and then the answer is lost on its way, and what was asked is asked again.
        const times = step === nothing ? 0 : dice.chance(0.1) ? 2 : 1;
        for (let time = 0; time < times; time++) {
          await step().then(() => done.set(name, done.get(name)! + 1), tolerate);
        }
      }
      staying = devices.filter(({ person }) => !departed.has(person));
      // One goes, another comes, so that half of them are away.
      if (dice.chance(0.3)) dice.pick(staying).go();
      if (dice.chance(0.3)) await dice.pick(staying).come();
    }

    await departed.assertGone(devices, staying[0].person);
    for (const device of staying) {
      const { head } = await device.person.call('sync.pull', { after: 0, limit: 1 });
      await device.reach(head);
      device.go();
    }
    for (const [index, person] of persons.entries()) {
      if (departed.has(person)) continue;
      const [one, other] = devices.slice(index * 2, index * 2 + 2).map(device => device.state);
      const seen = stateOfDevice(one);
      assert.deepEqual(stateOfDevice(other), seen, `the devices of ${person.id}`);
      assert.deepEqual(seen, await stateOfServer(person, one), `a device of ${person.id}, and the server`);
    }
    if (OPERATIONS < 2000) return;
    for (const [name, times] of done) assert.ok(times > 0, `nobody could ${name}`);
    for (const [type, { live, later }] of Object.entries(arrivals)) {
      assert.ok(live > 0 && later > 0, `${type}: ${live} live, ${later} after being away`);
    }
  });
});
