import { ImError, type ConversationView } from 'egg-im-client';
import { computed, ref, watch, type Ref } from 'vue';
import { useClient } from '../client';
import { useI18n } from '../i18n';

/** Why a conversation is not there any more, as far as the server tells. */
export function useGone(conversation: Readonly<Ref<ConversationView | undefined>>, isGone: Ref<boolean>) {
  const client = useClient();
  const { t } = useI18n();
  const groupId = ref<string>();
  const code = ref<string>();

  watch(conversation, now => now?.type === 'group' && (groupId.value = now.id), { immediate: true });
  watch(isGone, async gone => {
    code.value = undefined;
    if (!gone || !groupId.value) return;
    const answer = await client.api.group.show({ groupId: groupId.value }).catch((error: unknown) => error);
    code.value = answer instanceof ImError ? answer.code : 'NOT_A_MEMBER';
  });

  return computed(() => {
    if (code.value === 'CONVERSATION_NOT_FOUND') return t('group.dissolved');
    return code.value === 'NOT_A_MEMBER' ? t('group.removed') : t('chats.gone');
  });
}
