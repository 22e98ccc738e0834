import type { GroupRequest } from 'egg-im-client';
import { shallowRef, watch } from 'vue';
import { useClient } from '../client';
import { useLive } from '../client/live';

/** Requests to join a group and invitations to it that wait for an answer, as long as the user may see them. */
export function useGroupRequests(groupId: string, mayRead: () => boolean) {
  const client = useClient();
  const requests = shallowRef<readonly GroupRequest[]>([]);
  const connection = useLive(client.connection);
  // The stream tells of those that are new: the list is asked for again.
  const told = useLive(client.people.groupRequests);
  watch(
    [told, mayRead, () => connection.value.state === 'online'],
    async ([, may, isOnline]) => {
      if (!may) requests.value = [];
      if (!may || !isOnline) return;
      const page = await client.api.member.requests({ groupId, limit: 200 }).catch(() => undefined);
      if (page) requests.value = page.items;
    },
    { immediate: true },
  );
  return requests;
}
