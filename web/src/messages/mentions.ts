import type { ConversationView, GroupView, Live } from 'egg-im-client';
import { computed, onScopeDispose, shallowRef, watch, type Ref } from 'vue';
import { useClient } from '../client';
import { useI18n } from '../i18n';
import { useNames } from '../people/names';

/** Who may be mentioned; without an id all members of the group. */
export interface Mentionable {
  readonly userId?: string;
  readonly name: string;
  readonly avatar?: string;
}

export interface Mentions {
  readonly mentions?: string[];
  readonly mentionAll?: true;
}

const SHOWN = 8;
/** What is written after an @ up to the cursor. */
const BEGUN = /(?:^|\s)@([^\s@]{0,30})$/u;

/** Names of members, as they are written after an @ in a group. */
export function useMentions(conversation: Readonly<Ref<ConversationView | undefined>>, me: string) {
  const client = useClient();
  const { t, language } = useI18n();
  const { nameOf } = useNames();
  const members = shallowRef<GroupView['members']>([]);
  const chosen = new Map<string, Mentionable>();

  watch(
    () => (conversation.value?.type === 'group' ? conversation.value.id : undefined),
    (id, _before, onCleanup) => {
      chosen.clear();
      members.value = [];
      if (id === undefined) return;
      const group: Live<GroupView> & { close(): void } = client.group(id);
      const stop = group.subscribe(view => (members.value = view.members));
      onCleanup(() => {
        stop();
        group.close();
      });
    },
    { immediate: true },
  );

  const people = computed((): Mentionable[] => {
    const others = members.value.filter(({ userId }) => userId !== me);
    const named = others.map(({ userId, alias, avatar }) => ({ userId, name: alias ?? nameOf(userId), avatar }));
    const mayAll = conversation.value?.role === 'owner' || conversation.value?.role === 'admin';
    return mayAll && named.length > 0 ? [{ name: t('messages.all') }, ...named] : named;
  });

  /** Who fits to what is being written, and where it begins. */
  function offered(text: string, cursor: number): { from: number; people: readonly Mentionable[] } | undefined {
    const begun = BEGUN.exec(text.slice(0, cursor))?.[1];
    if (begun === undefined) return undefined;
    const lower = (word: string) => word.toLocaleLowerCase(language.value);
    const fit = people.value.filter(({ name }) => lower(name).includes(lower(begun)));
    return fit.length > 0 ? { from: cursor - begun.length, people: fit.slice(0, SHOWN) } : undefined;
  }

  /** Those of the chosen who are still named in a text. */
  function named(text: string): Mentions {
    const left = [...chosen.values()].filter(({ name }) => text.includes(`@${name}`));
    const mentions = left.flatMap(({ userId }) => userId ?? []);
    const isAll = left.some(({ userId }) => userId === undefined);
    return { ...(mentions.length > 0 && { mentions }), ...(isAll && { mentionAll: true as const }) };
  }

  onScopeDispose(() => chosen.clear());
  return { offered, named, choose: (one: Mentionable) => void chosen.set(one.userId ?? '', one) };
}
