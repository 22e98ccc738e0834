import type { ChatGroupModel } from '../model/chat_group';
import type { UserModel } from '../model/user';
import type { Group } from '../schema/group';
import type { Message } from '../schema/message';
import type { Card } from '../schema/person';
import type { Me, User } from '../schema/user';
import { toJson, type StoredMessage } from '../lib/message/row';

/** Rows as the wire has them: ids are strings, times ISO-8601, what is not set is left out. */

export function presentUser(user: UserModel): User {
  const { id, account, name, avatar, gender, signature, background } = user;
  return { id: String(id), account, name, ...present({ avatar, gender, signature, background }) };
}

export function presentMe(user: UserModel): Me {
  return { ...presentUser(user), app: user.app, ...present({ phone: user.phone }), hidePresence: user.hidePresence };
}

export function presentGroup(group: ChatGroupModel, memberCount: number, muteAll: boolean): Group {
  const { id, name, avatar, announcement, ownerId, joinPolicy, history, createdAt } = group;
  return {
    id: String(id),
    conversationId: String(id),
    name,
    ...present({ avatar, announcement }),
    ownerId: String(ownerId),
    memberCount,
    joinPolicy,
    history,
    muteAll,
    createdAt: createdAt.toISOString(),
  };
}

export function presentCard({ id, name, avatar }: Pick<UserModel, 'id' | 'name' | 'avatar'>): Card {
  return { id: String(id), name, ...present({ avatar }) };
}

export function presentMessage(message: StoredMessage): Message {
  return JSON.parse(toJson(message)) as Message;
}

/** Without what is not set. */
export function present<T extends Record<string, unknown>>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== null && value !== undefined),
  ) as never;
}
