import type { Client, Limits } from 'egg-im-client';
import { shallowRef } from 'vue';

/** How many bytes a file of each kind may have. */
export type MediaLimits = Limits['mediaMaxBytes'];

const limits = shallowRef<MediaLimits>();

/** Those of the server, as soon as they are known. */
export function useLimits(client: Client) {
  if (!limits.value) {
    void client.api.limits.show().then(
      ({ mediaMaxBytes }) => (limits.value = mediaMaxBytes),
      // Without a connection they are not known: then the server says what is too large.
      () => undefined,
    );
  }
  return limits;
}
