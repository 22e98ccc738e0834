import type { Card } from 'egg-im-client';
import { computed } from 'vue';
import { useClient } from '../client';
import { useLive } from '../client/live';
import { useI18n } from '../i18n';

/** What the people who are shown are called; who is not known yet is asked for. */
export function useNames() {
  const client = useClient();
  const { t } = useI18n();
  const cards = useLive(client.people.cards);
  const friends = useLive(client.people.friends);
  const aliases = computed(() => new Map(friends.value.map(({ user, alias }) => [user.id, alias])));

  /** The card of a user, at least as new as `version`. */
  function cardOf(userId: string, version?: number): Card | undefined {
    const card = cards.value.get(userId);
    if (!card || (card.version ?? 0) < (version ?? 0)) client.wantCard(userId, version);
    return card;
  }

  /** The own name for a friend, else the user's. */
  function nameOf(userId: string, version?: number): string {
    const card = cardOf(userId, version);
    if (card?.deleted) return t('deletedUser');
    return aliases.value.get(userId) ?? card?.name ?? t('unknownUser');
  }

  const pictureOf = (userId: string): string | undefined => {
    const avatar = cards.value.get(userId)?.avatar;
    return avatar && client.urlOf(avatar);
  };

  return { cardOf, nameOf, pictureOf };
}
