import type { RouteLocationRaw } from 'vue-router';
import { useClient } from '../client';

/** Where people are found in the page. */
export function usePlaces() {
  const client = useClient();
  return {
    /** Where one writes to somebody: the conversation that there is, or one that begins with the first message. */
    chatWith(userId: string): RouteLocationRaw {
      const conversationId = client.conversationWith(userId);
      return conversationId
        ? { name: 'conversation', params: { conversationId } }
        : { name: 'person', params: { userId } };
    },
    cardOf: (userId: string): RouteLocationRaw => ({ name: 'card', params: { userId } }),
  };
}
