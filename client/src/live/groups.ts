import type { ClientApi } from '../api.js';
import { putGroup } from '../apply/conversations.js';
import { hiddenRow } from '../apply/scene.js';
import type { Core } from '../core.js';
import type { Card, Group, Member } from '../protocol.js';
import type { Changes } from '../store/changes.js';
import type { Reading } from '../store/store.js';
import { all } from '../stream/load.js';
import { Value } from './value.js';
import type { View } from './views.js';

/** A group and who is in it. */
export interface GroupView {
  /** Undefined until it is loaded, and when the user is in it no more. */
  readonly group?: Group;
  /** In order of id; empty until they are loaded. */
  readonly members: readonly Member[];
}

export interface GroupLoader {
  /** Loads the group and its members, which are not held. */
  load(): void;
  /** Loads the card of a member whom the stream has named by id alone. */
  wantCard(userId: string): void;
}

/** A group with all its members, as the stream keeps them. */
export class GroupWatch implements View {
  readonly view = new Value<GroupView>({ members: [] });
  #nameless = new Set<string>();

  constructor(
    private readonly id: string,
    private readonly loader: GroupLoader,
  ) {}

  async refresh(t: Reading, changes: Changes): Promise<void> {
    const isNamed = changes.cards.some(each => this.#nameless.has(each));
    if (!changes.all && !changes.groups.includes(this.id) && !isNamed) return;
    const isWhole = await t.get('memberLists', [this.id]);
    if (!isWhole) this.loader.load();
    const members = isWhole ? await t.list('members', { prefix: [this.id] }) : this.view.value.members;
    const group = await t.get('groups', [this.id]);
    const named = group ? await this.#named(t, members) : [];
    this.view.set({ group, members: named.sort((a, b) => Number(a.userId) - Number(b.userId)) });
  }

  async #named(t: Reading, members: readonly Member[]): Promise<Member[]> {
    this.#nameless = new Set(members.filter(each => each.name === '').map(each => each.userId));
    const cards = new Map<string, Card>();
    for (const userId of this.#nameless) {
      const card = await t.get('cards', [userId]);
      if (card) cards.set(userId, card);
      else this.loader.wantCard(userId);
    }
    return members.map(each => {
      const { name, avatar, version } = cards.get(each.userId) ?? each;
      return { ...each, name, avatar, version };
    });
  }
}

/** Loads a group and its members, as far as they are not held. */
export async function loadGroup(groupId: string, api: ClientApi, core: Core): Promise<void> {
  for (let isPut = false; !isPut;) {
    if (await core.read(t => t.get('memberLists', [groupId]))) return;
    const asked = await core.place();
    const group = await api.group.show({ groupId });
    const members = await all(cursor => api.member.index({ groupId, cursor, limit: 500 }));
    isPut = await core.change(async scene => {
      const row = await scene.conversation(groupId);
      // A conversation that is not listed, where nothing tells yet what changes.
      if (!row) await scene.keep(hiddenRow(groupId, group.createdAt));
      // Somebody has come or gone while the list was read.
      if (!row || row.changed > asked) return false;
      await putGroup(scene, { ...group, memberCount: members.length });
      await scene.t.clear('members', [groupId]);
      for (const member of members) await scene.t.put('members', [groupId, member.userId], member);
      await scene.t.put('memberLists', [groupId], { groupId });
      return true;
    });
  }
}
