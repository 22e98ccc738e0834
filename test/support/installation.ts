import assert from 'node:assert/strict';
import { Client } from 'egg-im-client';
import { BadNetwork } from './bad_network';
import type { Dice } from './crowd';
import { PhoneMemory } from './line';
import type { Person } from './person';
import type { Tally } from './tally';
import { storeIn, type WatchedStore } from './watched_store';

/** Where and as what the SDK runs. */
export interface Surroundings {
  readonly dice: Dice;
  readonly tally: Tally;
  /** Of the service. */
  readonly url: string;
  readonly kind: 'memory' | 'IndexedDB';
}

/**
 * The SDK on a device of a user, in one tab or several, with what outlives them: the store, the session. All of it suffers from a bad
 * network.
 */
export class Installation {
  readonly tabs: Client[] = [];
  readonly log: string[] = [];
  private readonly networks: BadNetwork[] = [];
  private readonly memory = new PhoneMemory();

  private constructor(
    readonly person: Person,
    private readonly around: Surroundings,
    private readonly openStore: () => Promise<WatchedStore>,
    readonly store: WatchedStore,
  ) {}

  static async of(person: Person, tabs: number, around: Surroundings): Promise<Installation> {
    const openStore = storeIn(around.kind);
    const installation = new Installation(person, around, openStore, await openStore());
    for (let index = 0; index < tabs; index++) {
      const client = installation.open(index);
      if (index === 0) await client.login(person.credentials);
      else assert.ok(await client.start());
    }
    return installation;
  }

  /** Ends a tab, and opens it anew: nothing but store and session is left of it. */
  async restart(index: number): Promise<void> {
    await this.tabs[index].close();
    assert.ok(await this.open(index).start(), 'the session is kept');
  }

  breakOne(index: number): void {
    this.networks[index].breakAll();
    // Sooner than it would by itself.
    setTimeout(() => this.tabs[index].wake(), this.around.dice.below(40));
  }

  /** Is without a network while `work` is done. */
  async without(work: () => Promise<void>): Promise<void> {
    for (const network of this.networks) network.down();
    try {
      await work();
    } finally {
      for (const network of this.networks) network.up();
      for (const tab of this.tabs) tab.wake();
    }
  }

  /** All tabs are told of a session whose access token has expired. */
  expire(): void {
    this.memory.expire();
    const channel = new BroadcastChannel(this.memory.options.slot);
    channel.postMessage({ kind: 'session' });
    channel.close();
  }

  /** Mends the network. What it has lost is found out with the next connection. */
  mend(): void {
    for (const network of this.networks) {
      network.isGood = true;
      network.breakAll();
    }
    for (const tab of this.tabs) tab.wake();
  }

  async close(): Promise<void> {
    for (const tab of this.tabs) await tab.close();
    await this.store.close();
  }

  private open(index: number): Client {
    const { dice, tally, url } = this.around;
    const network = new BadNetwork(dice, tally);
    const client = new Client({
      ...this.memory.options,
      url,
      store: this.openStore,
      io: network.dial,
      http: network.http,
      log: (event, about) => this.log.push(`${index} ${event} ${about instanceof Error ? about.message : ''}`),
    });
    this.tabs[index] = client;
    this.networks[index] = network;
    return client;
  }
}
