import type { ClientApi } from '../api.js';
import { putGroupRequest } from '../apply/conversations.js';
import { sendAgain } from '../apply/outbox.js';
import { meet } from '../apply/people.js';
import { manages, rowOf, type Scene } from '../apply/scene.js';
import type { Conversation, Friend, FriendRequest, GroupRequest, Me, Card, Page, StarredMessage } from '../protocol.js';
import { SYNCED, type Place } from '../store/tables.js';

/** Everything that a device begins with. */
export interface Snapshot {
  readonly me: Me;
  readonly conversations: readonly Conversation[];
  readonly friends: readonly Friend[];
  readonly friendRequests: readonly FriendRequest[];
  readonly blocks: readonly Card[];
  readonly groupRequests: readonly GroupRequest[];
  readonly stars: readonly StarredMessage[];
}

/** Every page of a list. */
export async function all<T>(page: (cursor?: string) => Promise<Page<T[]>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const { items: more, nextCursor } = await page(cursor);
    items.push(...more);
    cursor = nextCursor;
  } while (cursor);
  return items;
}

/** Asks for all of it, one page after the other, so that it keeps within what one user may ask for. */
export async function snapshot(api: ClientApi): Promise<Snapshot> {
  const limit = 200;
  return {
    me: await api.user.me(),
    conversations: await all(cursor => api.conversation.index({ cursor, limit })),
    friends: await all(cursor => api.friend.index({ cursor, limit })),
    friendRequests: [
      ...(await all(cursor => api.friend.requests({ direction: 'in', cursor, limit }))),
      ...(await all(cursor => api.friend.requests({ direction: 'out', cursor, limit }))),
    ],
    blocks: await all(cursor => api.block.index({ cursor, limit })),
    groupRequests: await all(cursor => api.member.invitations({ cursor, limit })),
    stars: await all(cursor => api.message.stars({ cursor, limit })),
  };
}

/** Puts it in place of everything that was held, as of a stream that stands at `place`. */
export async function putSnapshot(scene: Scene, snapshot: Snapshot, place: Place): Promise<void> {
  const { t } = scene;
  for (const table of SYNCED) await t.clear(table);
  await sendAgain(scene);
  await t.put('place', ['place'], place);
  await t.put('me', ['me'], snapshot.me);
  await meet(scene, snapshot.me);
  for (const shown of snapshot.conversations) {
    // Who has asked to join is asked for afterwards, group by group.
    const row = rowOf(shown, place.last);
    await t.put('conversations', [shown.id], manages(shown.role) ? { ...row, stale: true } : row);
    await meetPeer(scene, shown);
  }
  for (const friend of snapshot.friends) {
    await t.put('friends', [friend.user.id], friend);
    await meet(scene, friend.user);
  }
  for (const request of snapshot.friendRequests) {
    await t.put('friendRequests', [request.from.id, request.to.id], request);
    await meet(scene, request.from);
    await meet(scene, request.to);
  }
  for (const card of snapshot.blocks) {
    await t.put('blocks', [card.id], { userId: card.id });
    await meet(scene, card);
  }
  for (const request of snapshot.groupRequests) await putGroupRequest(scene, request);
  for (const { message } of snapshot.stars) {
    const { conversationId, seq } = message;
    await t.put('stars', [conversationId, seq], { conversationId, seq });
  }
}

/** Keeps the card of the other one, as a single conversation shows it. */
export async function meetPeer(scene: Scene, { peerId, name, avatar, peerVersion }: Conversation): Promise<void> {
  if (peerId && name) await meet(scene, { id: peerId, name, avatar, version: peerVersion });
}
