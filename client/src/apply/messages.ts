import type { Message } from '../protocol.js';
import { settleOwn } from './outbox.js';
import { covers, joined, spanAt } from './spans.js';
import { countsFor, mentions, newRow, type EntryOf, type Handlers, type Scene } from './scene.js';

export const messageHandlers: Handlers<'message'> = {
  'message.new': async (scene, entry) => {
    for (const message of entry.data.messages) await received(scene, entry, message);
  },
  'message.edited': async (scene, { data }) => {
    for (const message of data.messages) await replace(scene, message);
  },
  'message.recalled': async (scene, { data }) => {
    for (const message of data.messages) {
      await replace(scene, message);
      await scene.unmark(message.conversationId, message.seq);
    }
  },
  'message.deleted': async (scene, { conversationId: id, data: { seq } }) => {
    await remove(scene, id, [seq]);
    // What is held does not tell how many are unread: messages that are deleted for the user alone count, too.
    if (seq > ((await scene.conversation(id))?.readSeq ?? 0)) await scene.ask(id);
  },
  // What is unread stays so.
  'message.hidden': (scene, { conversationId, data }) => remove(scene, conversationId, data.seqs),
  'message.reacted': react,
  'message.pinned': async (scene, { conversationId, data }) => {
    const { seq, pinned } = data;
    await scene.change(conversationId, () => ({}));
    if (pinned) await scene.t.put('pins', [conversationId, seq], { conversationId, seq });
    else await scene.t.remove('pins', [conversationId, seq]);
    scene.changes.messages.add(conversationId);
  },
  'message.starred': async (scene, { conversationId, data }) => {
    const { seq, starred } = data;
    if (starred) await scene.t.put('stars', [conversationId, seq], { conversationId, seq });
    else await scene.t.remove('stars', [conversationId, seq]);
    scene.changes.lists.add('stars');
    scene.changes.messages.add(conversationId);
  },
};

async function received(scene: Scene, entry: EntryOf<'message.new'>, message: Message): Promise<void> {
  const { conversationId: id, seq } = message;
  await settleOwn(scene, message);
  const known = await scene.conversation(id);
  const row = known ?? unknownRow(scene, entry, seq);
  if (!message.deleted && seq > row.settings.clearedSeq) await store(scene, message);
  const spans = joined(row.spans, [seq, seq]);
  // It was loaded with the conversation, and is counted already.
  if (seq <= row.lastSeq) return scene.keep({ ...row, spans });
  const isOwn = message.senderId === scene.userId && message.type !== 'system';
  const isOthers = !isOwn && message.type !== 'system';
  const counts = countsFor(scene.userId, message) && seq > row.readSeq;
  const isMention = counts && mentions(scene.userId, message);
  const { receipt } = row;
  await scene.keep({
    ...row,
    spans,
    lastSeq: seq,
    lastAt: message.sentAt,
    ...(!message.deleted && { lastMessage: message }),
    unread: row.unread + (counts ? 1 : 0),
    ...(isMention && { mentioned: true, mentionSeq: seq }),
    settings: { ...row.settings, hidden: false, ...(isOwn && { markedUnread: false }) },
    // Who writes has read what came before.
    ...(isOwn && { readSeq: seq, unread: 0, mentioned: false, mentionSeq: 0 }),
    // Who answers has read what came before.
    ...(row.type === 'single' && isOthers && receipt && { receipt: { deliveredSeq: seq, readSeq: seq } }),
  });
}

function unknownRow({ userId }: Scene, { conversation, at, conversationId }: EntryOf<'message.new'>, seq: number) {
  const peerId = conversation?.userIds?.find(each => each !== userId) ?? conversation?.userIds?.[0];
  return newRow(conversationId, conversation?.type ?? 'group', at, {
    ...(peerId && { peerId, receipt: { deliveredSeq: 0, readSeq: 0 } }),
    lastSeq: seq - 1,
    stale: true,
  });
}

/** What a list or history says of reactions, the stream tells apart: those that are known stay. */
async function store(scene: Scene, message: Message): Promise<void> {
  const known = await scene.t.get('messages', [message.conversationId, message.seq]);
  const reactions = message.recalled ? undefined : (message.reactions ?? known?.reactions);
  await scene.putMessage({ ...message, ...(reactions && { reactions }) });
}

async function replace(scene: Scene, message: Message): Promise<void> {
  const { conversationId: id, seq } = message;
  await scene.change(id, ({ lastMessage }) => (lastMessage?.seq === seq ? { lastMessage: message } : {}));
  const row = await scene.conversation(id);
  if (!row) return;
  if (spanAt(row.spans, seq) && seq > row.settings.clearedSeq) await store(scene, message);
  if (seq <= row.readSeq) return;
  if (countsFor(scene.userId, message) && mentions(scene.userId, message)) {
    await scene.keep({ ...row, mentioned: true, mentionSeq: Math.max(seq, row.mentionSeq) });
  }
  await scene.recheckMention(id);
}

async function remove(scene: Scene, id: string, seqs: readonly number[]): Promise<void> {
  await scene.change(id, () => ({}));
  for (const seq of seqs) {
    await scene.removeMessage(id, seq);
    await scene.unmark(id, seq);
    if ((await scene.conversation(id))?.lastMessage?.seq === seq) await scene.stepBack(id);
  }
}

/** Those who have reacted so are named up to this number. */
const NAMED = 100;

async function react(scene: Scene, { conversationId: id, data }: EntryOf<'message.reacted'>): Promise<void> {
  const { seq, userId, reaction, reacted } = data;
  await scene.change(id, () => ({}));
  const message = await scene.t.get('messages', [id, seq]);
  if (!message) return;
  const all = message.reactions ?? [];
  const one = all.find(each => each.reaction === reaction) ?? { reaction, count: 0, userIds: [] };
  // Not all are named: whether this one is counted already can not be told.
  if (one.count >= NAMED) return scene.doubt(id, seq);
  const others = one.userIds.filter(each => each !== userId);
  const userIds = reacted ? (one.userIds.includes(userId) ? one.userIds : [...others, userId]) : others;
  const changed = { reaction, count: userIds.length, userIds };
  const rest = all.some(each => each.reaction === reaction)
    ? all.map(each => (each.reaction === reaction ? changed : each))
    : [...all, changed];
  const reactions = rest.filter(each => each.count > 0);
  const { reactions: _before, ...bare } = message;
  await scene.putMessage(reactions.length > 0 ? { ...bare, reactions } : bare);
}

/** Puts a page of history, which holds all messages from one place to another, unless something has changed there meanwhile. */
export async function putPage(
  scene: Scene,
  id: string,
  messages: readonly Message[],
  from: number,
  to: number,
  /** `syncSeq` up to which entries were applied when it was asked for. */
  asked: number,
): Promise<boolean> {
  const row = await scene.conversation(id);
  if (!row) return true;
  if (row.changed > asked) return false;
  for (const message of messages) await scene.putMessage(message);
  if (from <= to && !covers(row.spans, from, to)) await scene.keep({ ...row, spans: joined(row.spans, [from, to]) });
  return true;
}

/** Puts which messages are pinned, unless something has changed meanwhile. */
export async function putPins(scene: Scene, id: string, seqs: readonly number[], asked: number): Promise<boolean> {
  const row = await scene.conversation(id);
  if (!row) return true;
  if (row.changed > asked) return false;
  await scene.t.clear('pins', [id]);
  for (const seq of seqs) await scene.t.put('pins', [id, seq], { conversationId: id, seq });
  await scene.t.put('pinLists', [id], { conversationId: id });
  scene.changes.messages.add(id);
  return true;
}
