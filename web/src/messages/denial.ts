import type { ConversationView } from 'egg-im-client';
import { computed, type Ref } from 'vue';
import { useI18n } from '../i18n';
import { useDates } from '../i18n/dates';

/** Why nothing can be written in a conversation; undefined where one may. */
export function useDenial(conversation: Ref<ConversationView | undefined>) {
  const { t } = useI18n();
  const { fullOf } = useDates();
  return computed(() => {
    const { type, role, muteAll, mutedUntil } = conversation.value ?? {};
    if (type === 'system') return t('messages.noReply');
    if (role !== 'member') return undefined;
    if (muteAll) return t('messages.muteAll');
    if (mutedUntil && Date.parse(mutedUntil) > Date.now()) return t('messages.muted', { until: fullOf(mutedUntil) });
    return undefined;
  });
}
