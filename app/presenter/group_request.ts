import type { GroupRequestModel } from '../model/group_request';
import type { GroupRequest } from '../schema/group';
import type { Card } from '../schema/person';
import { present } from './present';

export type GroupRequestRow = Pick<
  GroupRequestModel,
  'groupId' | 'userId' | 'kind' | 'byId' | 'words' | 'status' | 'createdAt' | 'expiresAt'
>;

/** A request to join a group, or an invitation to it; `users` are the cards of the user and of the one who has invited. */
export function presentGroupRequest(row: GroupRequestRow, group: Card, users: ReadonlyMap<number, Card>): GroupRequest {
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
