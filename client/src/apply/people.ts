import type { Card } from '../protocol.js';
import type { Handlers, Scene } from './scene.js';

/** Keeps a card, unless a newer one of the user is known. */
export async function meet(scene: Scene, card: Card): Promise<void> {
  const known = await scene.t.get('cards', [card.id]);
  if (known && (known.version ?? 0) > (card.version ?? 0)) return;
  const { id, name, avatar, version, deleted } = card;
  if (known && known.name === name && known.avatar === avatar && known.version === version) return;
  const user = { id, name, avatar, version, deleted };
  await scene.t.put('cards', [id], user);
  scene.changes.cards.add(id);
  const friend = await scene.t.get('friends', [id]);
  if (!friend) return;
  await scene.t.put('friends', [id], { ...friend, user });
  scene.changes.lists.add('friends');
}

export const peopleHandlers: Handlers<'me' | 'user' | 'friend' | 'block'> = {
  'me.updated': async (scene, { data: { me } }) => {
    await scene.t.put('me', ['me'], me);
    scene.changes.lists.add('me');
    await meet(scene, me);
  },
  'user.updated': (scene, { data: { user } }) => meet(scene, user),
  'friend.request': async (scene, { data: { request } }) => {
    const { from, to } = request;
    if (from.deleted ?? to.deleted) await scene.t.remove('friendRequests', [from.id, to.id]);
    else await scene.t.put('friendRequests', [from.id, to.id], request);
    scene.changes.lists.add('friendRequests');
    await meet(scene, from);
    await meet(scene, to);
  },
  'friend.updated': async (scene, { data: { friend } }) => {
    await scene.t.put('friends', [friend.user.id], friend);
    scene.changes.lists.add('friends');
    scene.changes.cards.add(friend.user.id);
    await meet(scene, friend.user);
  },
  'friend.removed': async (scene, { data: { userId } }) => {
    await scene.t.remove('friends', [userId]);
    scene.changes.lists.add('friends');
    scene.changes.cards.add(userId);
  },
  'block.updated': async (scene, { data: { userId, blocked } }) => {
    if (blocked) await scene.t.put('blocks', [userId], { userId });
    else await scene.t.remove('blocks', [userId]);
    scene.changes.lists.add('blocks');
  },
};
