import { idOf } from './source.mjs';

const TYPES = { 2: 'image', 3: 'file', 4: 'voice' };

/** What is not text was an address of another server: the client shows it as it always has. */
function contentOf({ type, content, attach }) {
  if (!TYPES[type]) return { type: 'text', content: { text: content } };
  return { type: 'custom', content: { type: TYPES[type], url: attach || content } };
}

/**
 * Messages, in the order in which they were sent; those that are here already are passed over. What a receiver had not got yet is
 * put into their stream, and is unread.
 */
export async function importMessages(source, target) {
  const unsynced = await source.unsynced();
  for await (const { rows, ...conversation } of source.messages()) {
    const { id, userIds } = await conversationOf(target, conversation);
    const messages = rows.map(row => ({
      client_msg_id: row.id,
      sender_id: idOf('user', row.senderId),
      ...contentOf(row),
      sent_at: source.time(row.createdAt),
      missing: (unsynced.get(row.id) ?? []).map(uuid => idOf('user', uuid)),
    }));
    await target.append(id, userIds, messages);
  }
}

async function conversationOf(target, { groupId, one, other }) {
  if (groupId) {
    const id = idOf('group', groupId);
    return { id, userIds: await target.membersOf(id) };
  }
  const userIds = [...new Set([one, other].map(uuid => idOf('user', uuid)))].sort((a, b) => a - b);
  // A user's conversation with themselves has the same key twice.
  const key = [userIds[0], userIds.at(-1)].join(':');
  return { id: await target.single(key, idOf('group', `${one}:${other}`), userIds), userIds };
}
