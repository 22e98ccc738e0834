import { requireRoomFor } from './room.mjs';
import { conversationOf, friendsOf, groupOf, memberOf, userOf } from './rows.mjs';

/** Users, with their passwords. */
export async function importUsers(source, target) {
  for await (const rows of source.pages('user')) {
    const users = rows.map(row => userOf(row, source, target.app));
    await target.insert('user', users);
    // Somebody may have registered since it was looked at.
    await requireRoomFor('user', users, target);
    await target.insert(
      'user_inbox',
      users.map(({ id }) => ({ user_id: id })),
      'inboxes',
    );
  }
}

/** Who followed whom were friends, whichever of the two had begun. */
export async function importFriends(source, target) {
  for await (const rows of source.pages('user_follow')) {
    await target.insert(
      'friend',
      rows.flatMap(row => friendsOf(row, source)),
    );
  }
}

export async function importGroups(source, target) {
  for await (const rows of source.pages('group')) {
    const conversations = rows.map(row => conversationOf(row, source, target.app));
    await target.insert('conversation', conversations, 'groups');
    await target.insert(
      'chat_group',
      rows.map(row => groupOf(row, source)),
      'group cards',
    );
  }
  for await (const rows of source.pages('group_member')) {
    await target.insert(
      'conversation_member',
      rows.map(row => memberOf(row, source)),
      'members',
    );
  }
}
