import { watch, type Ref } from 'vue';
import { useClient } from '.';
import { useLive } from './live';

const CALM_MS = 250;

/** Asks for what is wanted when nobody has typed for a moment; while there is no answer again as soon as there is a connection. */
export function useAsking(wanted: Ref<string>, isAnswered: () => boolean, ask: (wanted: string) => void): void {
  const connection = useLive(useClient().connection);
  watch(
    [wanted, () => connection.value.state === 'online'],
    ([q], _before, onCleanup) => {
      if (q === '' || isAnswered()) return;
      const timer = setTimeout(() => ask(q), CALM_MS);
      onCleanup(() => clearTimeout(timer));
    },
    { immediate: true },
  );
}
