import type { ConversationView, Member } from 'egg-im-client';
import { computed, onScopeDispose } from 'vue';
import { useClient } from '../client';
import { useLive } from '../client/live';
import { rightsOf } from './rights';

/** A group with its members, and what the user may do in it; followed as long as the component lives. */
export function useGroup(groupId: string) {
  const client = useClient();
  const watched = client.group(groupId);
  onScopeDispose(() => watched.close());
  const view = useLive(watched);
  const isLevel = useLive(client.isLevel);
  const conversation = useLive<ConversationView | undefined>(client.conversation(groupId));

  const me = client.session.value?.userId ?? '';
  const group = computed(() => view.value.group);
  const members = computed(() => view.value.members);
  const own = computed<Member | undefined>(() => members.value.find(({ userId }) => userId === me));
  const rights = computed(() => rightsOf(conversation.value?.role ?? own.value?.role, group.value?.joinPolicy));
  /** The user is in it no more. */
  const isGone = computed(() => isLevel.value && !conversation.value);
  return { group, members, own, rights, isGone };
}
