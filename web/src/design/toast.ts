import { shallowRef } from 'vue';

export interface Toast {
  readonly id: number;
  readonly text: string;
}

const SHOWN_MS = 5000;
let last = 0;

/** What is being told, the newest last. */
export const toasts = shallowRef<readonly Toast[]>([]);

/** Tells something for a few seconds, also to who listens. */
export function toast(text: string): void {
  const id = ++last;
  toasts.value = [...toasts.value.filter(each => each.text !== text), { id, text }];
  setTimeout(() => (toasts.value = toasts.value.filter(each => each.id !== id)), SHOWN_MS);
}
