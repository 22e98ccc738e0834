import { onScopeDispose, readonly, ref, watch } from 'vue';
import type { Shown } from './shown';

/** An address in memory, as long as the component lives. */
export function useObjectUrl() {
  const url = ref<string>();
  function show(blob: Blob | undefined): void {
    if (url.value) URL.revokeObjectURL(url.value);
    url.value = blob && URL.createObjectURL(blob);
  }
  onScopeDispose(() => show(undefined));
  return { url: readonly(url), show };
}

/** The address of what is attached to a message. It stays when the message is sent, so that nothing flickers. */
export function useAttached(message: () => Shown, which: 'attachment' | 'poster' = 'attachment') {
  const { url, show } = useObjectUrl();
  let id: string | undefined;
  watch(
    message,
    now => {
      const source = now[which]?.source;
      // The store gives the same file as another Blob each time.
      if (now.clientMsgId === id && (url.value || !source)) return;
      id = now.clientMsgId;
      show(source instanceof Blob ? source : undefined);
    },
    { immediate: true },
  );
  return url;
}
