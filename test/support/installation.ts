import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Client, MemoryStore, type KeyValues, type Reading, type Store, type Writing } from 'egg-im-client';
import { BadNetwork } from './bad_network';
import type { Dice } from './crowd';
import type { Person } from './person';
import { url } from './service';

/** A store in memory that tells of every change, to those who wait for one. */
export class WatchedStore implements Store {
  private readonly memory = new MemoryStore();
  private readonly watchers = new Set<() => void>();

  read<T>(work: (t: Reading) => Promise<T>): Promise<T> {
    return this.memory.read(work);
  }

  async write<T>(work: (t: Writing) => Promise<T>): Promise<T> {
    try {
      return await this.memory.write(work);
    } finally {
      for (const watcher of [...this.watchers]) watcher();
    }
  }

  close(): void {
    // Another client may go on with it.
  }

  /** Resolves as soon as `look` finds nothing that is missing; rejects with that after too long. */
  async until(look: (t: Reading) => Promise<string | undefined>, patienceMs: number): Promise<void> {
    let missing = await this.read(look);
    const end = Date.now() + patienceMs;
    while (missing !== undefined) {
      const left = end - Date.now();
      if (left <= 0) throw new Error(`waited in vain for ${missing}`);
      await new Promise<void>(resolve => {
        const again = () => {
          this.watchers.delete(again);
          clearTimeout(timer);
          resolve();
        };
        const timer = setTimeout(again, left);
        this.watchers.add(again);
      });
      missing = await this.read(look);
    }
  }
}

class Memory implements KeyValues {
  private readonly values = new Map<string, string>();

  get(key: string): string | undefined {
    return this.values.get(key);
  }

  set(key: string, value: string): void {
    this.values.set(key, value);
  }

  remove(key: string): void {
    this.values.delete(key);
  }
}

/**
 * The SDK on a device of a user, in one tab or several, with what outlives them: the store, the session. All of it suffers from a bad
 * network.
 */
export class Installation {
  readonly store = new WatchedStore();
  readonly tabs: Client[] = [];
  readonly log: string[] = [];
  private readonly networks: BadNetwork[] = [];
  private readonly storage = new Memory();
  private readonly slot = randomUUID();

  private constructor(
    readonly person: Person,
    private readonly dice: Dice,
  ) {}

  static async of(person: Person, dice: Dice, tabs: number): Promise<Installation> {
    const installation = new Installation(person, dice);
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
    setTimeout(() => this.tabs[index].wake(), this.dice.below(40));
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
  }

  private open(index: number): Client {
    const network = new BadNetwork(this.dice);
    const client = new Client({
      url: url(),
      slot: this.slot,
      storage: this.storage,
      store: () => Promise.resolve(this.store),
      shared: true,
      io: network.dial,
      log: (event, about) => this.log.push(`${index} ${event} ${about instanceof Error ? about.message : ''}`),
    });
    this.tabs[index] = client;
    this.networks[index] = network;
    return client;
  }
}
