import type { FriendRequest, GroupRequest } from 'egg-im-client';
import { computed } from 'vue';
import { useClient } from '../client';
import { useLive } from '../client/live';

const isOpen = ({ status, expiresAt }: FriendRequest | GroupRequest): boolean =>
  status === 'pending' && Date.parse(expiresAt) > Date.now();

/** What waits for an answer of the user, and what the user waits for, the latest first. */
export function useRequests() {
  const client = useClient();
  const me = client.session.value?.userId;
  const ofFriends = useLive(client.people.friendRequests);
  const ofGroups = useLive(client.people.groupRequests);
  const latest = <T extends FriendRequest | GroupRequest>(all: readonly T[]): T[] =>
    all.filter(isOpen).sort((a, b) => b.createdAt.localeCompare(a.createdAt));

  const friendsIn = computed(() => latest(ofFriends.value).filter(({ to }) => to.id === me));
  const friendsOut = computed(() => latest(ofFriends.value).filter(({ from }) => from.id === me));
  /** An invitation of the user, or a request to join a group that the user manages. */
  const isToAnswer = ({ kind, user }: GroupRequest) => (kind === 'invitation') === (user.id === me);
  const groupsIn = computed(() => latest(ofGroups.value).filter(isToAnswer));
  const groupsOut = computed(() => latest(ofGroups.value).filter(each => !isToAnswer(each)));
  const count = computed(() => friendsIn.value.length + groupsIn.value.length);
  return { friendsIn, friendsOut, groupsIn, groupsOut, count };
}
