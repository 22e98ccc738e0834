import type { Contents, Message, OutboxItem } from 'egg-im-client';
import { useI18n } from '../i18n';
import { useNames } from '../people/names';
import { useClient } from '../client';
import { useLive } from '../client/live';

type Summarised = Pick<Message, 'type' | 'content'> & Partial<Pick<Message, 'senderId' | 'recalled'>>;

/** Messages in a line: in lists, quotations and notes between others. */
export function useSummary() {
  const { t } = useI18n();
  const { nameOf } = useNames();
  const session = useLive(useClient().session);
  const isMe = (userId: string) => userId === session.value?.userId;
  const personOf = (userId: string) => (isMe(userId) ? t('messages.you') : nameOf(userId));

  function systemOf({ event, by, userIds = [], name = '' }: Contents['system']): string {
    return t(`system.${event}`, { by: personOf(by), users: userIds.map(personOf).join(', '), name });
  }

  function recalledBy(by: string): string {
    return isMe(by) ? t('messages.recalledOwn') : t('messages.recalled', { name: nameOf(by) });
  }

  /** What a message says, in a line. */
  function summaryOf(message: Summarised | OutboxItem): string {
    if ('recalled' in message && message.recalled) return recalledBy(message.recalled.by);
    const { text, name = '' } = message.content as { text?: string; name?: string };
    switch (message.type) {
      case 'text':
        return text ?? '';
      case 'system':
        return systemOf(message.content as unknown as Contents['system']);
      case 'notice':
        return (message.content as unknown as Contents['notice']).title;
      default:
        return t(`type.${message.type}`, { name }).trim();
    }
  }

  return { summaryOf, personOf, systemOf, recalledBy };
}
