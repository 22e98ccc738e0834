import type { Entry } from '../protocol.js';
import { conversationHandlers, groupHandlers } from './conversations.js';
import { messageHandlers } from './messages.js';
import { peopleHandlers } from './people.js';
import type { EntryOf, Scene } from './scene.js';

const handlers: { readonly [T in Entry['type']]: (scene: Scene, entry: EntryOf<T>) => Promise<void> } = {
  ...messageHandlers,
  ...conversationHandlers,
  ...groupHandlers,
  ...peopleHandlers,
};

/** Applies the next entry of the stream. One of a type that this client does not know is passed over: a later server has made it. */
export async function applyEntry(scene: Scene, entry: Entry): Promise<void> {
  scene.syncSeq = entry.syncSeq;
  const handle = handlers[entry.type] as ((scene: Scene, entry: Entry) => Promise<void>) | undefined;
  await handle?.(scene, entry);
}
