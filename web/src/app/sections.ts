import { computed } from 'vue';
import type { IconName } from '../design/icons';
import { useI18n } from '../i18n';

interface Section {
  /** Of its route. */
  readonly name: 'chats' | 'people' | 'settings';
  readonly icon: IconName;
  readonly label: string;
}

/** The entries of the navigation. */
export function useSections() {
  const { t } = useI18n();
  return computed<readonly Section[]>(() => [
    { name: 'chats', icon: 'chats', label: t('nav.chats') },
    { name: 'people', icon: 'people', label: t('nav.people') },
    { name: 'settings', icon: 'settings', label: t('nav.settings') },
  ]);
}
