import type { ConversationView } from 'egg-im-client';
import { useClient } from '../client';
import type { IconName } from '../design/icons';
import { useI18n } from '../i18n';
import { useNames } from '../people/names';

export interface Face {
  /** Whose colour the picture has. */
  readonly id: string;
  readonly name: string;
  readonly src?: string;
  readonly icon?: IconName;
}

/** How conversations look: the group, the other one, or the system. */
export function useFaces() {
  const client = useClient();
  const { t } = useI18n();
  const { cardOf } = useNames();

  return function faceOf({ id, type, peerId, name, avatar }: ConversationView): Face {
    if (type === 'system') return { id, name: t('chats.notices'), icon: 'bell' };
    const src = avatar && client.urlOf(avatar);
    if (type === 'group') return { id, name, src };
    const isDeleted = peerId !== undefined && cardOf(peerId)?.deleted;
    return { id: peerId ?? id, name: isDeleted ? t('deletedUser') : name || t('unknownUser'), src };
  };
}
