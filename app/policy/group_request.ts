import type { ErrorCode } from '../schema/errors';
import type { GroupRequest, JoinPolicy, Role } from '../schema/group';
import type { Members } from './conversation';
import { rightDenial } from './group';
import { may } from './roles';

/** What rules go by of a request that waits for an answer. */
export interface RequestFacts {
  readonly kind: GroupRequest['kind'];
  /** of the one who has sent an invitation; undefined when they are no member any more */
  readonly inviterRole: Role | undefined;
}

/**
 * What comes of it when somebody who is no member wants to join: they enter, they ask, or they are refused with a code. Who is
 * banned needs an invitation, which only owner and admins can have sent.
 */
export function joinOutcome(
  joinPolicy: JoinPolicy,
  invitation: RequestFacts | null,
  isBanned: boolean,
): 'enter' | 'ask' | ErrorCode {
  if (invitation && requestStands(invitation, joinPolicy)) return 'enter';
  if (isBanned) return 'BANNED';
  if (joinPolicy === 'open') return 'enter';
  return joinPolicy === 'invite' ? 'FORBIDDEN' : 'ask';
}

/** Which kind of request somebody can answer: their own invitation, and that of others to join. */
export function answerableKind(userId: number, requesterId: number): GroupRequest['kind'] {
  return userId === requesterId ? 'invitation' : 'join';
}

/** Why a user of that role, or of none, may not answer requests of a kind: the invited user needs no role. */
export function reviewDenial(kind: GroupRequest['kind'], role: Role | undefined): ErrorCode | undefined {
  return kind === 'join' ? rightDenial(role, 'review') : undefined;
}

/** Why a request can not be answered so: an invitation that does not stand any more can only be rejected. */
export function answerDenial(
  answer: 'accept' | 'reject',
  request: RequestFacts,
  joinPolicy: JoinPolicy,
): ErrorCode | undefined {
  return answer === 'reject' || requestStands(request, joinPolicy) ? undefined : 'REQUEST_NOT_FOUND';
}

/** Why a group can not have so many requests of a kind that wait for an answer. */
export function waitingDenial(requests: number, limit: number): ErrorCode | undefined {
  return requests > limit ? 'LIMIT_REACHED' : undefined;
}

/** Whether a request is still good: that to join always is, an invitation while the one who has sent it may still do so. */
function requestStands({ kind, inviterRole }: RequestFacts, joinPolicy: JoinPolicy): boolean {
  return kind === 'join' || (inviterRole !== undefined && may(inviterRole, 'admit', joinPolicy));
}

/** A request as far as it says who is told of it. */
interface Asked {
  readonly userId: number;
  /** who has sent the invitation */
  readonly byId: number | null;
}

/** Who is told of a request: owner and admins, the user whom it is about, and the one who has sent the invitation. */
function requestReceivers({ userId, byId }: Asked, { admins }: Members): Set<number> {
  return new Set([...admins, userId, ...(byId ? [byId] : [])]);
}

/** Who is told of which of several requests, by their indices: those who are told of the same are together. */
export function requestShares(
  requests: readonly Asked[],
  members: Members,
): { readonly receiverIds: number[]; readonly indices: number[] }[] {
  const lists = new Map<number, number[]>();
  requests.forEach((request, index) => {
    for (const id of requestReceivers(request, members)) {
      const list = lists.get(id);
      if (list) list.push(index);
      else lists.set(id, [index]);
    }
  });
  const shares = new Map<string, { receiverIds: number[]; indices: number[] }>();
  for (const [id, indices] of lists) {
    const share = shares.get(indices.join());
    if (share) share.receiverIds.push(id);
    else shares.set(indices.join(), { receiverIds: [id], indices });
  }
  return [...shares.values()];
}
