import { watchEffect, onScopeDispose } from 'vue';
import { useUnread } from '../conversations/watched';

const NAME = 'egg-im';

/** The title of the tab says how much is unread. */
export function useTitle(): void {
  const unread = useUnread();
  watchEffect(() => {
    const { value: count } = unread;
    document.title = count > 0 ? `(${count > 99 ? '99+' : count}) ${NAME}` : NAME;
  });
  onScopeDispose(() => (document.title = NAME));
}
