import type { ClientApi } from '../api.js';
import type { Scene } from '../apply/scene.js';
import type { Group, Member } from '../protocol.js';
import type { Changes } from '../store/changes.js';
import type { Reading } from '../store/store.js';
import { all } from '../stream/load.js';
import { Value } from './value.js';
import type { View } from './views.js';

export interface GroupView {
  /** Undefined until it is loaded, and when the user is in it no more. */
  readonly group?: Group;
  /** In order of id; empty until they are loaded. */
  readonly members: readonly Member[];
}

/** A group with all its members, as the stream keeps them. */
export class GroupWatch implements View {
  readonly view = new Value<GroupView>({ members: [] });

  constructor(private readonly id: string) {}

  async refresh(t: Reading, changes: Changes): Promise<void> {
    if (!changes.all && !changes.groups.includes(this.id)) return;
    const isWhole = await t.get('memberLists', [this.id]);
    const members = isWhole ? await t.list('members', { prefix: [this.id] }) : this.view.value.members;
    const group = await t.get('groups', [this.id]);
    this.view.set({ group, members: group ? [...members].sort((a, b) => Number(a.userId) - Number(b.userId)) : [] });
  }
}

/** Loads a group and its members, as far as they are not held. */
export async function loadGroup(
  groupId: string,
  api: ClientApi,
  read: <T>(work: (t: Reading) => Promise<T>) => Promise<T>,
  change: <T>(work: (scene: Scene) => Promise<T>) => Promise<T>,
): Promise<void> {
  if (await read(t => t.get('memberLists', [groupId]))) return;
  const asked = await read(async t => (await t.get('place', ['place']))?.last ?? 0);
  const group = await api.group.show({ groupId });
  const members = await all(cursor => api.member.index({ groupId, cursor, limit: 500 }));
  const isPut = await change(async scene => {
    const row = await scene.conversation(groupId);
    if (row && row.changed > asked) return false;
    await scene.t.put('groups', [groupId], group);
    await scene.t.clear('members', [groupId]);
    for (const member of members) await scene.t.put('members', [groupId, member.userId], member);
    await scene.t.put('memberLists', [groupId], { groupId });
    scene.changes.groups.add(groupId);
    return true;
  });
  // Somebody has come or gone while the list was read.
  if (!isPut) await loadGroup(groupId, api, read, change);
}
