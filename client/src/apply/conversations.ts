import type { Group, GroupRequest } from '../protocol.js';
import { manages, newRow, shownOf, type EntryOf, type Handlers, type Scene } from './scene.js';

export const conversationHandlers: Handlers<'conversation'> = {
  'conversation.read': async (scene, { conversationId, data }) => {
    await scene.change(conversationId, row => ({
      settings: { ...row.settings, markedUnread: false },
      // An older place was known already, and all that has come since.
      ...(data.readSeq > row.readSeq && readTo(row.mentionSeq, data)),
    }));
    await scene.recheckMention(conversationId);
  },
  'conversation.receipt': (scene, { conversationId, data }) =>
    scene.change(conversationId, ({ receipt }) => ({
      receipt: {
        deliveredSeq: Math.max(receipt?.deliveredSeq ?? 0, data.deliveredSeq),
        readSeq: Math.max(receipt?.readSeq ?? 0, data.readSeq),
      },
    })),
  'conversation.updated': updated,
};

function readTo(mentionSeq: number, { readSeq, unread }: { readSeq: number; unread: number }) {
  const mentioned = unread > 0 && mentionSeq > readSeq;
  return { readSeq, unread, mentioned, mentionSeq: mentioned ? mentionSeq : 0 };
}

async function updated(scene: Scene, { conversationId: id, data, at }: EntryOf<'conversation.updated'>): Promise<void> {
  const { settings, readSeq, unread } = data;
  const before = await scene.conversation(id);
  // Settings of a conversation that was hidden, or is not known otherwise: what else there is to know is asked for.
  if (!before)
    return scene.keep(newRow(id, 'group', at, { settings, readSeq, unread, stale: true, changed: scene.syncSeq }));
  const isNews = settings.clearedSeq > before.settings.clearedSeq || readSeq > before.readSeq;
  await scene.change(id, row => ({
    settings,
    ...(isNews && { ...readTo(row.mentionSeq, data), readSeq: Math.max(row.readSeq, readSeq) }),
  }));
  // Also where that was known before: the conversation may have been asked for since.
  if (settings.clearedSeq > 0) await clear(scene, id, settings.clearedSeq);
  await scene.recheckMention(id);
}

async function clear(scene: Scene, id: string, clearedSeq: number): Promise<void> {
  const range = { prefix: [id], before: [id, clearedSeq + 1] };
  for (const { seq } of await scene.t.list('messages', range)) await scene.removeMessage(id, seq);
  for (const table of ['pins', 'stars'] as const) {
    for (const { seq } of await scene.t.list(table, range)) await scene.unmark(id, seq);
  }
  const row = await scene.conversation(id);
  if (row?.lastMessage && row.lastMessage.seq <= clearedSeq) await scene.keep({ ...row, lastMessage: undefined });
  scene.changes.messages.add(id);
}

export const groupHandlers: Handlers<'group'> = {
  'group.created': async (scene, { conversationId: id, data: { group }, at }) => {
    await putGroup(scene, group);
    const known = await scene.conversation(id);
    await scene.keep(
      known
        ? { ...known, ...shownOf(group, scene.userId, known.role) }
        : newRow(id, 'group', at, shownOf(group, scene.userId)),
    );
  },
  'group.updated': async (scene, { conversationId: id, data: { group } }) => {
    await putGroup(scene, group);
    await scene.change(id, ({ role }) => shownOf(group, scene.userId, role));
  },
  'group.members_added': added,
  'group.members_removed': removed,
  'group.member_updated': memberUpdated,
  // Also told to those who wait to become members.
  'group.dissolved': async (scene, { conversationId }) => {
    await scene.forget(conversationId);
    await scene.t.clear('groupRequests', [conversationId]);
    scene.changes.lists.add('groupRequests');
  },
  'group.unbanned': async () => {
    // Who is banned is asked for by who shows it.
  },
  'group.requests': async (scene, { data: { requests } }) => {
    for (const request of requests) {
      await putGroupRequest(scene, request);
      await scene.change(request.group.id, () => ({}));
    }
    scene.changes.lists.add('groupRequests');
  },
};

/** Keeps what waits for an answer, and nothing else: of what was answered nobody tells when its group is gone. */
export async function putGroupRequest({ t }: Scene, request: GroupRequest): Promise<void> {
  const { group, user, kind, status } = request;
  const key = [group.id, user.id, kind];
  if (status === 'pending') await t.put('groupRequests', key, request);
  else await t.remove('groupRequests', key);
}

/** Requests of others to join are those of who manages the group. */
async function forgetRequests(scene: Scene, groupId: string): Promise<void> {
  for (const { user, kind } of await scene.t.list('groupRequests', { prefix: [groupId] })) {
    if (kind === 'join' && user.id !== scene.userId) await scene.t.remove('groupRequests', [groupId, user.id, kind]);
  }
  scene.changes.lists.add('groupRequests');
}

export async function putGroup(scene: Scene, group: Group): Promise<void> {
  await scene.t.put('groups', [group.id], group);
  scene.changes.groups.add(group.id);
}

async function added(scene: Scene, { conversationId: id, data, at }: EntryOf<'group.members_added'>): Promise<void> {
  const { group, userIds, muted = [] } = data;
  const isMe = userIds.includes(scene.userId);
  const known = await scene.conversation(id);
  // What was known of an earlier membership is not what a new one may see.
  if (isMe && !(known && known.role && scene.syncSeq <= known.changed)) await scene.forget(id);
  await putGroup(scene, group);
  const row = (await scene.conversation(id)) ?? newRow(id, 'group', at, { stale: true });
  await scene.keep({ ...row, ...shownOf(group, scene.userId, row.role), changed: scene.syncSeq });
  if (!(await scene.t.get('memberLists', [id]))) return;
  for (const userId of userIds) {
    const mutedUntil = muted.find(each => each.userId === userId)?.mutedUntil;
    const { name = '', avatar, version } = (await scene.t.get('cards', [userId])) ?? {};
    const member = {
      userId,
      name,
      avatar,
      version,
      role: 'member' as const,
      joinedAt: at,
      ...(mutedUntil && { mutedUntil }),
    };
    await scene.t.put('members', [id, userId], member);
  }
}

async function removed(
  scene: Scene,
  { conversationId: id, data: { userIds } }: EntryOf<'group.members_removed'>,
): Promise<void> {
  if (userIds.includes(scene.userId)) {
    await forgetRequests(scene, id);
    return scene.forget(id);
  }
  await scene.change(id, () => ({}));
  const group = await scene.t.get('groups', [id]);
  for (const userId of userIds) await scene.t.remove('members', [id, userId]);
  if (!group) return;
  // A group that was loaded may be without them already.
  const members = (await scene.t.get('memberLists', [id])) && (await scene.t.list('members', { prefix: [id] }));
  await putGroup(scene, { ...group, memberCount: members?.length ?? group.memberCount - userIds.length });
}

async function memberUpdated(
  scene: Scene,
  { conversationId: id, data }: EntryOf<'group.member_updated'>,
): Promise<void> {
  const { userId, role, alias, mutedUntil } = data;
  const group = await scene.t.get('groups', [id]);
  if (group && role === 'owner') await putGroup(scene, { ...group, ownerId: userId });
  const member = await scene.t.get('members', [id, userId]);
  if (member) await scene.t.put('members', [id, userId], { ...member, role, alias, mutedUntil });
  scene.changes.groups.add(id);
  if (userId !== scene.userId) return scene.change(id, () => ({}));
  // What others have asked before is not told to who may answer it from now on.
  await scene.change(id, row => ({ role, mutedUntil, ...(manages(role) && !manages(row.role) && { stale: true }) }));
  if (!manages(role)) await forgetRequests(scene, id);
}
