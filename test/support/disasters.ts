import type { Actor } from './choosers';
import type { UserOfClient } from './client_user';
import type { Dice } from './crowd';
import { Departed } from './departed';
import { text } from './person';
import { ageEntries, purger } from './retention';
import { Servers } from './servers';
import { app } from './service';
import type { Tally } from './tally';

/** More than anything is kept. */
const DAYS = 1000;

/** What befalls people who use the SDK, of whom some have nothing but the protocol. */
export interface Befallen {
  readonly dice: Dice;
  readonly users: readonly UserOfClient[];
  readonly others: readonly Actor[];
}

/** What is to be survived, with nothing lost. For the time of one test. */
export class Disasters {
  readonly servers = new Servers();
  readonly departed = new Departed();
  private readonly purge = purger();
  private purging: Promise<unknown> = Promise.resolve();

  constructor(private readonly tally: Tally) {}

  /** @param which of them; those of the numbers from 0 on are all that there are, again and again */
  async befall(people: Befallen, which: number): Promise<void> {
    const { dice, users } = people;
    const disasters: readonly (() => Promise<void> | void)[] = [
      () => this.leaveBehind(dice.pick(users), people),
      () => this.expire(dice.pick(users)),
      () => this.endHistory(users),
      () => this.deleteAccount(people),
    ];
    await disasters[which % disasters.length]();
  }

  async killServer(): Promise<void> {
    this.tally.add('server killed');
    await this.servers.kill();
  }

  /** While somebody is away, what they miss is purged. */
  private async leaveBehind({ installation }: UserOfClient, { dice, others }: Befallen): Promise<void> {
    const { id } = installation.person;
    await installation.without(async () => {
      for (const { person } of dice.some(others, 2)) {
        const message = { to: { userId: id }, ...text('while you were away') };
        await person.call('message.send', message).catch(() => undefined);
      }
      const { head } = await installation.person.call('sync.pull', { after: 0, limit: 1 });
      await ageEntries(id, head, DAYS);
      // One at a time: another that is under way may have passed already.
      this.purging = this.purging.then(() => this.purge.run());
      await this.purging;
    });
  }

  private expire({ installation }: UserOfClient): void {
    this.tally.add('token expired');
    installation.expire();
    for (const index of installation.tabs.keys()) installation.breakOne(index);
  }

  /** The server was set back: the streams are another history, of which nobody holds what is true. */
  private async endHistory(users: readonly UserOfClient[]): Promise<void> {
    this.tally.add('epoch changed');
    for (const { installation } of users) {
      await installation.store.write(async t => {
        await t.clear('friends');
        await t.clear('messages');
        await t.put('stars', ['1', 1], { conversationId: '1', seq: 1 });
      });
    }
    await app.model.query('UPDATE stream_epoch SET epoch = UUID()');
  }

  private async deleteAccount({ dice, others }: Befallen): Promise<void> {
    const there = others.filter(({ person }) => !this.departed.has(person));
    // Somebody has to be left who does something.
    if (there.length < 2) return;
    this.tally.add('account deleted');
    await this.departed.leave(dice.pick(there));
  }
}
