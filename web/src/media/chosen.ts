import { computed, shallowRef } from 'vue';
import { useClient } from '../client';
import { fileOf, type ChosenFile } from './chosen_file';
import { useLimits } from './limits';

const chosen = shallowRef<readonly ChosenFile[]>([]);

/** The files that are about to be sent in the conversation that is shown. */
export function useChosen() {
  const limits = useLimits(useClient());

  /** Looks at files, and shows them before they are sent. */
  async function choose(files: Iterable<File>, asFiles = false): Promise<void> {
    for (const file of [...files]) {
      const made = await fileOf(file, limits.value, asFiles);
      chosen.value = [...chosen.value, made];
    }
  }

  function remove(id: number): void {
    chosen.value = chosen.value.filter(each => each.id !== id);
  }

  function replace(id: number, by: ChosenFile): void {
    chosen.value = chosen.value.map(each => (each.id === id ? by : each));
  }

  function clear(): void {
    chosen.value = [];
  }

  return { chosen: computed(() => chosen.value), limits, choose, remove, replace, clear };
}
