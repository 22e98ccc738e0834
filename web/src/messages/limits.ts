import type { Limits } from 'egg-im-client';
import { shallowRef } from 'vue';
import { useClient } from '../client';

const limits = shallowRef<Limits>();
let asked: Promise<void> | undefined;

/** What the server allows; undefined until it has said so. */
export function useLimits() {
  const client = useClient();
  asked ??= client.api.limits.show().then(
    said => void (limits.value = said),
    () => void (asked = undefined),
  );
  return limits;
}
