import { watchEffect, onScopeDispose } from 'vue';
import { useClient } from '../client';
import { useLive } from '../client/live';

const NAME = 'egg-im';

/** The title of the tab says how much is unread. */
export function useTitle(): void {
  const unread = useLive(useClient().unread);
  watchEffect(() => {
    const { total } = unread.value;
    document.title = total > 0 ? `(${total > 99 ? '99+' : total}) ${NAME}` : NAME;
  });
  onScopeDispose(() => (document.title = NAME));
}
