import type { ErrorCode } from './errors';

/** How something is counted that there may be only so much of. */
export interface Limited {
  /** From the first on, whatever comes after it: a further try does not extend the time. */
  readonly seconds: number;
  /** Counted by each worker by itself, because it is asked for all the time. All others are counted by all nodes together. */
  readonly local?: true;
  /** What was counted may be taken back: only Redis knows whether there is too much. */
  readonly revocable?: true;
  /** What too much of it is refused with. Default: RATE_LIMITED. */
  readonly code?: ErrorCode;
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 24 * HOUR;

/** What is limited. How much of it there may be, the settings say. */
export const limited = {
  /** of a user */
  sends: { seconds: MINUTE, local: true },
  syncs: { seconds: MINUTE, local: true },
  reads: { seconds: MINUTE, local: true },
  writes: { seconds: MINUTE },
  searches: { seconds: MINUTE },
  uploads: { seconds: MINUTE },
  uploadBytes: { seconds: DAY, revocable: true, code: 'QUOTA_EXCEEDED' },
  strangers: { seconds: HOUR },
  friendRequests: { seconds: HOUR },
  invitations: { seconds: HOUR },
  /** of all members of a conversation */
  conversation: { seconds: MINUTE, local: true },
  /** of an address */
  connects: { seconds: 1, local: true },
  registrations: { seconds: HOUR },
  logins: { seconds: MINUTE },
  refreshes: { seconds: MINUTE },
  /** wrong passwords of an address, or of a device that has been in, for one account, and of an address for all accounts */
  attempts: { seconds: 5 * MINUTE, revocable: true, code: 'TOO_MANY_ATTEMPTS' },
  guesses: { seconds: 5 * MINUTE, revocable: true, code: 'TOO_MANY_ATTEMPTS' },
} as const satisfies Record<string, Limited>;

export type LimitKind = keyof typeof limited;
