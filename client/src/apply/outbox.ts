import type { OutboxItem } from '../outbox/item.js';
import { itemOf, noteItem } from '../outbox/rows.js';
import type { Message } from '../protocol.js';
import type { Scene } from './scene.js';

/** What was written here is in the outbox until the stream brings it. */
export async function settleOwn(scene: Scene, { senderId, clientMsgId }: Message): Promise<void> {
  if (senderId !== scene.userId) return;
  const item = await itemOf(scene.t, clientMsgId);
  if (item) await takeOut(scene, item);
}

/** The stream has come to `last`, and with it every message that has its place up to there, though it may be gone since. */
export async function settleSent(scene: Scene, last: number): Promise<void> {
  for (const item of await scene.t.list('outbox')) {
    if (item.syncSeq !== undefined && item.syncSeq <= last) await takeOut(scene, item);
  }
}

/** No entry brings what is loaded with the conversations: it is sent once more, and the answer says where it is. */
export async function sendAgain({ t, changes }: Scene): Promise<void> {
  for (const item of await t.list('outbox')) {
    if (item.state !== 'sent') continue;
    const { syncSeq: _place, ...unsent } = item;
    await t.put('outbox', [item.order], { ...unsent, state: 'waiting' });
    changes.lists.add('outbox');
  }
}

async function takeOut({ t, changes }: Scene, item: OutboxItem): Promise<void> {
  await t.remove('outbox', [item.order]);
  noteItem(changes, item);
}
