import { idOf } from './source.mjs';

const ACCOUNT = /^[a-z0-9_.@+-]{1,64}$/;
const PHONE = /^\+?[0-9]{5,20}$/;
const GENDERS = { 1: 'female', 2: 'male' };
const ROLES = { 1: 'admin', 100: 'owner' };
/** Of a member: -1 got nothing, 1 got it without a sound. */
const NOTIFY = { '-1': 'none', 1: 'silent' };

const cut = (text, most) => (text ? [...text].slice(0, most).join('') : null);

/** A user as a row of this service, who logs in with the phone number or address of before: it is the account here. */
export function userOf(row, source, app) {
  const id = idOf('user', row.id);
  const login = String(row.phone ?? '').toLowerCase();
  return {
    id,
    app,
    account: ACCOUNT.test(login) ? login : `u${id}`,
    password_hash: row.password ?? '',
    name: cut(row.name, 64),
    phone: PHONE.test(login) ? login : null,
    gender: GENDERS[row.gender] ?? null,
    signature: cut(row.description, 256),
    created_at: source.time(row.createdAt),
    updated_at: source.time(row.updatedAt),
  };
}

/** The conversation of a group. */
export function conversationOf(row, source, app) {
  const at = source.time(row.createdAt);
  return { id: idOf('group', row.id), app, type: 'group', last_at: at, created_at: at };
}

export function groupOf(row, source) {
  const at = source.time(row.createdAt);
  return {
    id: idOf('group', row.id),
    name: cut(row.name, 64),
    announcement: row.description || null,
    owner_id: idOf('user', row.ownerId),
    created_at: at,
    updated_at: at,
  };
}

export function memberOf(row, source) {
  return {
    conversation_id: idOf('group', row.groupId),
    user_id: idOf('user', row.userId),
    role: ROLES[row.permissionType] ?? 'member',
    notify: NOTIFY[row.notifyLevel] ?? 'normal',
    alias: cut(row.alias, 64),
    joined_at: source.time(row.createdAt),
  };
}

/** Both halves of a friendship; the alias is that of who had given it. */
export function friendsOf({ originId, targetId, alias, createdAt }, source) {
  const [user_id, friend_id] = [originId, targetId].map(id => idOf('user', id));
  const created_at = source.time(createdAt);
  return [
    { user_id, friend_id, alias: cut(alias, 64), created_at },
    { user_id: friend_id, friend_id: user_id, alias: null, created_at },
  ];
}
