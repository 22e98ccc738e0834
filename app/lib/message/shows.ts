import type { Read } from '../database/session';
import { sql } from '../database/statement';
import { mediaIn } from '../media/content';
import { SHOWN } from './row';

/**
 * Whether a message, as `in` of a medium's address names it, still shows the medium: it is neither recalled nor deleted for all nor
 * purged. Index: message PRIMARY, conversation PRIMARY.
 */
export async function showsMedium(read: Read, place: string, mediaId: string): Promise<boolean> {
  const [conversationId, seq] = place.split('.').map(Number);
  const [message] = await read(
    sql<{ readonly type: string; readonly content: string } | undefined>(
      `SELECT type, content FROM message WHERE conversation_id = ${conversationId} AND seq = ${seq}
        AND seq > (SELECT purged_seq FROM conversation WHERE id = ${conversationId})
        AND recalled_at IS NULL AND ${SHOWN}`,
    ),
  );
  return message !== undefined && mediaIn(message.type, message.content).includes(mediaId);
}
