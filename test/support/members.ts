import type { Members } from '../../app/policy/conversation';

/** Members 1 (the owner), 2 (an admin), 3 and 4 as rules see them, but for what is given. */
export function membersOf({ ids = [1, 2, 3, 4], ...given }: Partial<Omit<Members, 'index'>> = {}): Members {
  return {
    ids,
    index: new Map(ids.map((id, index) => [id, index])),
    admins: new Set([1, 2]),
    mutedUntil: new Map(),
    blockers: new Set(),
    audiences: new Map(),
    writers: new Set(),
    friends: false,
    ...given,
  };
}

/** The two users of a single conversation as rules see them: 1 and 2, who are nothing to each other, but for what is given. */
export function pairOf(given: Partial<Omit<Members, 'index'>> = {}): Members {
  return membersOf({ ids: [1, 2], admins: new Set(), ...given });
}
