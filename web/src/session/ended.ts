import { reasonOfEnd, type ImError, type SessionClosed } from 'egg-im-client';
import { shallowRef } from 'vue';

/** Why the server has ended the session that was shown last, as long as nobody logs in again. */
export const endedBecause = shallowRef<SessionClosed['reason']>();

/** Takes what a connection has ended with. */
export function noteEnd(error: ImError | undefined): void {
  if (error?.code === 'SESSION_CLOSED') endedBecause.value = reasonOfEnd(error) ?? 'revoked';
}
