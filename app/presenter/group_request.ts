import type { ChatGroupModel } from '../model/chat_group';
import type { GroupRequestModel } from '../model/group_request';
import type { GroupRequest } from '../schema/group';
import type { Card } from '../schema/person';
import { present } from './present';

export type GroupRequestRow = Pick<
  GroupRequestModel,
  'groupId' | 'userId' | 'kind' | 'byId' | 'words' | 'status' | 'createdAt' | 'expiresAt'
>;

/** What a request shows of its group. */
export const GROUP_COLUMNS: ('id' | 'name' | 'avatar')[] = ['id', 'name', 'avatar'];

export function presentRequestedGroup(group: Pick<ChatGroupModel, 'id' | 'name' | 'avatar'>): GroupRequest['group'] {
  return { id: String(group.id), name: group.name, ...present({ avatar: group.avatar }) };
}

/** A request to join a group, or an invitation to it; `users` are the cards of the user and of the one who has invited. */
export function presentGroupRequest(
  row: GroupRequestRow,
  group: GroupRequest['group'],
  users: ReadonlyMap<number, Card>,
): GroupRequest {
  const { kind, userId, byId, words, status, createdAt, expiresAt } = row;
  return {
    group,
    kind,
    user: users.get(userId)!,
    ...present({ by: byId && users.get(byId), words }),
    status,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  };
}
