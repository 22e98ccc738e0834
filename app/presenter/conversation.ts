import type { Conversation } from '../schema/conversation';
import type { Role } from '../schema/group';
import { jsonObject, type Json } from '../schema/json';
import type { Message } from '../schema/message';
import { present } from './present';
import { presentSettings, type SettingsRow } from './settings';

/** A conversation as one user has it, as it is selected: truth values are 0 and 1. */
export interface ConversationRow extends SettingsRow {
  readonly id: number;
  readonly type: Conversation['type'];
  readonly lastSeq: number;
  readonly lastAt: Date;
  readonly readSeq: number;
  readonly mentioned: number;
  /** The other user of a single conversation, or the user where there is none. */
  readonly peerId: number;
  /** How far the other user of a single conversation has read, and got, the messages. */
  readonly peerReadSeq: number | null;
  readonly deliveredSeq: number | null;
  /** The user's own in a group; of other conversations they say nothing. */
  readonly role: Role;
  readonly mutedUntil: Date | null;
  readonly muteAll: number;
  readonly name: string | null;
  readonly avatar: string | null;
  /** Of the card of the other user of a single conversation. */
  readonly peerVersion: number | null;
}

/** A conversation as one user sees it; `lastMessage` is the latest message that this user may see. */
export function presentConversation(
  row: ConversationRow,
  { unread, lastMessage }: { readonly unread: number; readonly lastMessage?: Json<Message> },
): Json<Conversation> {
  const { id, type, peerId, name, avatar, lastSeq, lastAt, readSeq, mentioned, deliveredSeq, peerReadSeq } = row;
  const { role, mutedUntil, muteAll, peerVersion } = row;
  return jsonObject<Conversation>({
    id: String(id),
    type,
    ...(type === 'single' && { peerId: String(peerId) }),
    name: name ?? '',
    ...present({ avatar, peerVersion: peerVersion || undefined, lastMessage }),
    ...(type === 'group' && { role, ...present({ mutedUntil: mutedUntil?.toISOString() }), muteAll: Boolean(muteAll) }),
    lastSeq,
    lastAt: lastAt.toISOString(),
    readSeq,
    unread,
    mentioned: Boolean(mentioned),
    settings: presentSettings(row),
    ...(peerReadSeq !== null && { receipt: { deliveredSeq: deliveredSeq ?? 0, readSeq: peerReadSeq } }),
  });
}
