import type { Changes } from '../store/changes.js';
import { ChangeSet } from '../store/changes.js';
import type { Reading, Store } from '../store/store.js';

/** Something that shows a part of the store. */
export interface View {
  /** Reads what has changed, and tells it. Nothing but `t` may be awaited. */
  refresh(t: Reading, changes: Changes): Promise<void>;
}

const NOTHING: Changes = { conversations: [], messages: [], cards: [], groups: [], lists: [] };
export const EVERYTHING: Changes = { ...NOTHING, all: true };

/** All that is shown of the store: each reads again what a transaction has changed, those of several transactions at once. */
export class Views {
  readonly #views = new Set<View>();
  #pending: Changes[] = [];
  #work: Promise<void> | undefined;

  constructor(
    private readonly store: Store,
    private readonly log: (event: string, about: unknown) => void,
  ) {}

  /** Shows one more. Resolves when it has read what there is. */
  async add(view: View): Promise<void> {
    this.#views.add(view);
    await this.store.read(t => view.refresh(t, EVERYTHING));
  }

  remove(view: View): void {
    this.#views.delete(view);
  }

  /** Resolves when all show these changes. */
  changed(changes: Changes): Promise<void> {
    this.#pending.push(changes);
    return (this.#work ??= this.#refresh());
  }

  /** Resolves when all show what was told before. */
  async settled(): Promise<void> {
    await this.#work;
  }

  async #refresh(): Promise<void> {
    while (this.#pending.length > 0) {
      const changes = merged(this.#pending.splice(0));
      await this.store.read(t => this.#refreshAll(t, changes)).catch((error: unknown) => this.log('view', error));
    }
    // In the same turn as the look at what is left: what comes after that begins anew.
    this.#work = undefined;
  }

  async #refreshAll(t: Reading, changes: Changes): Promise<void> {
    for (const view of [...this.#views]) {
      await view.refresh(t, changes).catch((error: unknown) => this.log('view', error));
    }
  }
}

function merged(all: readonly Changes[]): Changes {
  if (all.length === 1) return all[0]!;
  const set = new ChangeSet();
  for (const changes of all) {
    for (const name of ['conversations', 'messages', 'cards', 'groups'] as const) {
      for (const id of changes[name]) set[name].add(id);
    }
    for (const name of changes.lists) set.lists.add(name);
  }
  return all.some(each => each.all) ? { ...set.changes, all: true } : set.changes;
}
