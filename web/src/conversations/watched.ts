import type { ConversationView, Live } from 'egg-im-client';
import { computed, ref } from 'vue';
import { useClient } from '../client';
import { useLive } from '../client/live';
import { steady } from '../client/steady';

/** Id of the conversation at whose end somebody looks: what comes there is read, and is not counted until that is stored. */
export const watched = ref<string>();

/** How much is unread. */
export function useUnread() {
  const client = useClient();
  const all = useLive(client.unread);
  const read = useLive<ConversationView | undefined>(
    computed((): Live<ConversationView | undefined> =>
      watched.value === undefined ? steady(undefined) : client.conversation(watched.value),
    ),
  );
  return computed(() => {
    const { unread = 0, settings } = read.value ?? {};
    return all.value.total - (settings?.notify === 'none' ? 0 : unread);
  });
}
