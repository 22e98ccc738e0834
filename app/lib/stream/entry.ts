import { literal } from '../database/statement';
import { isoOf } from '../../schema/iso_time';
import type { EntryData, EntryType } from '../../schema/sync';
import type { ConversationKind } from '../message/locked_conversation';
import { toJson, type StoredMessage } from '../message/row';

/** Whom an entry is for: each of them gets it as the next one of their stream. */
interface Addressed {
  readonly receiverIds: readonly number[];
}

/**
 * An entry that stands for messages of one conversation, in order and without a gap. It is stored as their places, a *run*,
 * and a pull reads them anew: no row copies their text.
 */
export interface MessagesEntry extends Addressed {
  readonly type: 'message.new' | 'message.edited' | 'message.recalled';
  readonly conversationId: number;
  readonly from: number;
  readonly to: number;
  /** As they are pushed now; those that are out of date by now are missing. */
  readonly messages: readonly StoredMessage[];
  /** Of new ones: for a device to which the conversation is new, too. */
  readonly conversation?: ConversationKind;
}

/** An entry that carries its data. */
type DataEntry = {
  [T in Exclude<EntryType, MessagesEntry['type']>]: Addressed & {
    readonly type: T;
    readonly conversationId?: number;
    readonly data: EntryData<T>;
  };
}[Exclude<EntryType, MessagesEntry['type']>];

/** Something that users have to receive. */
export type NewEntry = MessagesEntry | DataEntry;

/** An entry of messages of one conversation that follow each other, at least one. */
export function messagesEntry(
  type: MessagesEntry['type'],
  messages: readonly StoredMessage[],
  receiverIds: readonly number[],
): MessagesEntry {
  const [{ conversationId, seq: from }] = messages;
  return { type, receiverIds, conversationId, from, to: messages.at(-1)!.seq, messages };
}

/**
 * What was committed together for the same reason, ready to be pushed: `tail` is the entry as JSON without its
 * beginning (each recipient has another syncSeq there), `to` the recipients as user id, syncSeq, user id, syncSeq …
 */
export interface Publication {
  readonly tail: string;
  readonly to: number[];
  /** Of new messages in a single conversation; one from another node says it in `tail` alone. */
  readonly single?: Single;
}

/** The last of new messages in a single conversation. */
export interface Single {
  readonly conversationId: number;
  readonly seq: number;
  /** Who sent it, and has read it by that. */
  readonly senderId: number;
}

const IS_SINGLE = /^"type":"message\.new","conversationId":"\d+","conversation":\{"type":"single"/;

/** The same of a publication that has come from another node. */
export function singleOf(tail: string): Single | undefined {
  if (!IS_SINGLE.test(tail)) return undefined;
  const { conversationId, data } = JSON.parse(`{${tail}`) as { conversationId: string; data: { messages: Sent } };
  const { seq = 0, senderId = 0 } = data.messages.at(-1) ?? {};
  return { conversationId: Number(conversationId), seq, senderId: Number(senderId) };
}

type Sent = readonly { readonly seq: number; readonly senderId?: string }[];

/** `data` of an entry that stands for messages, of messages as JSON. */
export function messagesData(messages: readonly string[]): string {
  return `{"messages":[${messages.join()}]}`;
}

/** `data` of an entry, as JSON. */
function dataOf(entry: NewEntry): string {
  return 'messages' in entry ? messagesData(entry.messages.map(toJson)) : JSON.stringify(entry.data);
}

/** What a row of push_history has behind the receiver and the place: the same for all receivers. */
export const ENTRY_COLUMNS = 'type, conversation_id, from_seq, to_seq, payload, created_at';

/** The values of `ENTRY_COLUMNS` as SQL; `sqlOf` turns the data into SQL. */
export function entryValues(entry: NewEntry, at: Date, sqlOf: (data: string) => string): string {
  const { type, conversationId = null } = entry;
  const stored = 'from' in entry ? `${entry.from},${entry.to},NULL` : `NULL,NULL,${sqlOf(dataOf(entry))}`;
  return `${literal(type)},${conversationId},${stored},${literal(at)}`;
}

/** What is to be pushed of an entry that has these places. */
export function publicationOf(entry: NewEntry, at: Date, to: number[]): Publication {
  const { type, conversationId = null } = entry;
  const conversation = 'from' in entry ? entry.conversation : undefined;
  const kind = conversation && kindOf(conversation);
  const tail = entryTail({ type, conversationId, kind, data: dataOf(entry), at });
  if (!('from' in entry) || conversation?.type !== 'single') return { tail, to };
  const senderId = entry.messages.at(-1)?.senderId ?? 0;
  return { tail, to, single: { conversationId: entry.conversationId, seq: entry.to, senderId } };
}

/** What stands in every copy of an entry; `kind` and `data` are JSON. */
interface Shared {
  readonly type: string;
  readonly conversationId: number | null;
  readonly kind?: string;
  readonly data: string;
  readonly at: Date;
}

/** An entry as JSON without its beginning. */
export function entryTail({ type, conversationId, kind, data, at }: Shared): string {
  const id = conversationId === null ? '' : `"conversationId":"${conversationId}",`;
  const conversation = kind ? `"conversation":${kind},` : '';
  return `"type":"${type}",${id}${conversation}"data":${data},"at":"${isoOf(at)}"}`;
}

/** What an entry of new messages says of their conversation, as JSON. */
export function kindOf({ type, userIds }: ConversationKind): string {
  const users = userIds ? `,"userIds":["${[...userIds].sort((a, b) => a - b).join('","')}"]` : '';
  return `{"type":"${type}"${users}}`;
}

/** The entry of one recipient as JSON. */
export function entryOf(syncSeq: number, tail: string): string {
  return `{"syncSeq":${syncSeq},${tail}`;
}
