import { idOf } from './source.mjs';

const ACCOUNT = /^[a-z0-9_.@+-]{1,64}$/;
const PHONE = /^\+?[0-9]{5,20}$/;
const GENDERS = { 1: 'female', 2: 'male' };
const ROLES = { 1: 'admin', 100: 'owner' };
/** Of a member: -1 got nothing, 1 got it without a sound. */
const NOTIFY = { '-1': 'none', 1: 'silent' };

const cut = (text, most) => (text ? [...text].slice(0, most).join('') : null);

/** Users, with their passwords: they log in with the phone number or address they used, which is their account here. */
export async function importUsers(source, target) {
  for await (const rows of source.pages('user')) {
    await target.insert(
      'user',
      rows.map(row => {
        const id = idOf('user', row.id);
        const login = String(row.phone).toLowerCase();
        return {
          id,
          app: target.app,
          account: ACCOUNT.test(login) ? login : `u${id}`,
          password_hash: row.password ?? '',
          name: cut(row.name, 64),
          phone: PHONE.test(login) ? login : null,
          gender: GENDERS[row.gender] ?? null,
          signature: cut(row.description, 256),
          created_at: source.time(row.createdAt),
          updated_at: source.time(row.updatedAt),
        };
      }),
    );
    await target.insert(
      'user_inbox',
      rows.map(row => ({ user_id: idOf('user', row.id) })),
      'inboxes',
    );
  }
}

/** Who followed whom were friends, whichever of the two had begun; the alias is that of who had given it. */
export async function importFriends(source, target) {
  for await (const rows of source.pages('user_follow')) {
    const pairs = rows.flatMap(({ originId, targetId, alias, createdAt }) => {
      const [user_id, friend_id] = [originId, targetId].map(id => idOf('user', id));
      const created_at = source.time(createdAt);
      return [
        { user_id, friend_id, alias: cut(alias, 64), created_at },
        { user_id: friend_id, friend_id: user_id, alias: null, created_at },
      ];
    });
    await target.insert('friend', pairs);
  }
}

export async function importGroups(source, target) {
  for await (const rows of source.pages('group')) {
    const times = new Map(rows.map(row => [row.id, source.time(row.createdAt)]));
    await target.insert(
      'conversation',
      rows.map(row => {
        const at = times.get(row.id);
        return { id: idOf('group', row.id), app: target.app, type: 'group', last_at: at, created_at: at };
      }),
      'groups',
    );
    await target.insert(
      'chat_group',
      rows.map(row => ({
        id: idOf('group', row.id),
        name: cut(row.name, 64),
        announcement: row.description || null,
        owner_id: idOf('user', row.ownerId),
        created_at: times.get(row.id),
        updated_at: times.get(row.id),
      })),
      'group cards',
    );
  }
  for await (const rows of source.pages('group_member')) {
    await target.insert(
      'conversation_member',
      rows.map(row => ({
        conversation_id: idOf('group', row.groupId),
        user_id: idOf('user', row.userId),
        role: ROLES[row.permissionType] ?? 'member',
        notify: NOTIFY[row.notifyLevel] ?? 'normal',
        alias: cut(row.alias, 64),
        joined_at: source.time(row.createdAt),
      })),
      'members',
    );
  }
}
