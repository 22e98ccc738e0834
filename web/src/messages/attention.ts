import { onScopeDispose, ref } from 'vue';

const isThere = (): boolean => document.visibilityState === 'visible' && document.hasFocus();

/** Whether somebody looks at the page: only then what is in sight is read. */
export function useAttention() {
  const isAttentive = ref(isThere());
  const look = () => (isAttentive.value = isThere());
  const events = ['focus', 'blur', 'visibilitychange'];
  for (const each of events) window.addEventListener(each, look, true);
  onScopeDispose(() => {
    for (const each of events) window.removeEventListener(each, look, true);
  });
  return isAttentive;
}
