import type { Live } from 'egg-im-client';
import { shallowReadonly, shallowRef, toValue, watch, type MaybeRefOrGetter, type ShallowRef } from 'vue';

/** A value of the client, followed as long as the component lives. Where a getter is given, whichever value that is at the time. */
export function useLive<T>(live: MaybeRefOrGetter<Live<T>>): Readonly<ShallowRef<T>> {
  const shown = shallowRef(toValue(live).value);
  watch(
    () => toValue(live),
    (now, _before, onCleanup) => onCleanup(now.subscribe(value => (shown.value = value))),
    { immediate: true, flush: 'sync' },
  );
  return shallowReadonly(shown);
}
