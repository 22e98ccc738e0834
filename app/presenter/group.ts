import type { ChatGroupModel } from '../model/chat_group';
import type { Group } from '../schema/group';
import { present } from './present';

type Row = Pick<
  ChatGroupModel,
  'id' | 'name' | 'avatar' | 'announcement' | 'ownerId' | 'joinPolicy' | 'history' | 'createdAt'
>;

/** A group as its members see it; `muteAll` is known to its conversation. */
export function presentGroup(group: Row, memberCount: number, muteAll: boolean): Group {
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
