import { applyEntry } from './apply/apply.js';
import { settleSent } from './apply/outbox.js';
import { Scene } from './apply/scene.js';
import type { Entry } from './protocol.js';
import { EVERYTHING, Views } from './live/views.js';
import type { Tabs } from './net/tabs.js';
import { ChangeSet, type Changes } from './store/changes.js';
import type { Reading, Store, Writing } from './store/store.js';
import type { Place } from './store/tables.js';

/** The store of a user: every change of it is told to all that show it, here and in other tabs. */
export class Core {
  readonly views: Views;

  constructor(
    readonly store: Store,
    readonly userId: string,
    private readonly tabs: Tabs,
    log: (event: string, about: unknown) => void,
  ) {
    this.views = new Views(store, log);
  }

  read<T>(work: (t: Reading) => Promise<T>): Promise<T> {
    return this.store.read(work);
  }

  async write<T>(work: (t: Writing, changes: ChangeSet) => Promise<T>): Promise<T> {
    const { result, changes } = await this.store.write(async t => {
      const changes = new ChangeSet();
      const result = await work(t, changes);
      if (!changes.isEmpty) this.#tellOthers(changes.changes);
      return { result, changes };
    });
    if (!changes.isEmpty) void this.views.changed(changes.changes);
    return result;
  }

  /** The same, but resolves when what it has changed is shown. */
  async writeShown<T>(work: (t: Writing, changes: ChangeSet) => Promise<T>): Promise<T> {
    const result = await this.write(work);
    await this.views.settled();
    return result;
  }

  change<T>(work: (scene: Scene) => Promise<T>): Promise<T> {
    return this.write((t, changes) => work(new Scene(t, this.userId, changes)));
  }

  /** `syncSeq` up to which the stream is applied: whatever is asked for now holds these entries. */
  place(): Promise<number> {
    return this.read(async t => (await t.get('place', ['place']))?.last ?? 0);
  }

  /** Everything has been replaced by `work`. */
  async replace(work: (scene: Scene) => Promise<void>): Promise<void> {
    await this.store.write(async t => {
      await work(new Scene(t, this.userId, new ChangeSet()));
      this.#tellOthers(EVERYTHING);
    });
    void this.views.changed(EVERYTHING);
  }

  /** Applies entries that follow the place of the store, in one transaction with the place after them. Resolves with the place then. */
  apply(entries: readonly Entry[], epoch: string): Promise<Place | undefined> {
    return this.change(async scene => {
      const place = await scene.t.get('place', ['place']);
      if (place?.epoch !== epoch) return place;
      let { last } = place;
      // Another tab has applied the others.
      for (const entry of entries) {
        if (entry.syncSeq !== last + 1) continue;
        await applyEntry(scene, entry);
        last++;
      }
      if (last === place.last) return place;
      await scene.t.put('place', ['place'], { ...place, last });
      await settleSent(scene, last);
      return { ...place, last };
    });
  }

  /**
   * At the end of a transaction, and not after it: what another tab then reads waits for it, and a tab that is closed in between has
   * either told what it leaves behind, or leaves nothing.
   */
  #tellOthers(changes: Changes): void {
    this.tabs.tell({ kind: 'changes', changes });
  }
}
