import assert from 'node:assert/strict';
import {
  answerableKind,
  answerDenial,
  joinOutcome,
  requestShares,
  reviewDenial,
  waitingDenial,
  type RequestFacts,
} from '../../app/policy/group_request';
import type { JoinPolicy, Role } from '../../app/schema/group';
import { membersOf } from '../support/members';

const POLICIES: readonly JoinPolicy[] = ['open', 'approval', 'invite'];
const ROLES: readonly (Role | undefined)[] = ['owner', 'admin', 'member', undefined];
const invitedBy = (inviterRole: Role | undefined): RequestFacts => ({ kind: 'invitation', inviterRole });
const toJoin: RequestFacts = { kind: 'join', inviterRole: undefined };

describe('the rule of joining', () => {
  const outcomes = (invitation: RequestFacts | null, isBanned = false) =>
    POLICIES.map(policy => joinOutcome(policy, invitation, isBanned));

  it('without an invitation a user enters an open group, asks one with approval, and is refused by the third', () => {
    assert.deepEqual(outcomes(null), ['enter', 'ask', 'FORBIDDEN']);
  });

  it('a user who is invited by the owner or an admin enters every group', () => {
    assert.deepEqual(outcomes(invitedBy('owner')), ['enter', 'enter', 'enter']);
    assert.deepEqual(outcomes(invitedBy('admin')), ['enter', 'enter', 'enter']);
  });

  it('the invitation of a plain member is good in an open group alone', () => {
    assert.deepEqual(outcomes(invitedBy('member')), ['enter', 'ask', 'FORBIDDEN']);
  });

  it('who is banned is refused by every group, unless invited by one who may', () => {
    assert.deepEqual(outcomes(null, true), ['BANNED', 'BANNED', 'BANNED']);
    assert.deepEqual(outcomes(invitedBy(undefined), true), ['BANNED', 'BANNED', 'BANNED']);
    assert.deepEqual(outcomes(invitedBy('admin'), true), ['enter', 'enter', 'enter']);
  });

  it('the invitation of somebody who has left is good for nothing', () => {
    assert.deepEqual(outcomes(invitedBy(undefined)), ['enter', 'ask', 'FORBIDDEN']);
  });
});

describe('the rule of answers to requests', () => {
  it('users answer their own invitations, and the requests of others to join', () => {
    assert.equal(answerableKind(1, 1), 'invitation');
    assert.equal(answerableKind(1, 2), 'join');
  });

  it('owner and admins answer requests to join, and nobody else', () => {
    const denials = ROLES.map(role => reviewDenial('join', role));
    assert.deepEqual(denials, [undefined, undefined, 'FORBIDDEN', 'NOT_A_MEMBER']);
  });

  it('an invitation is answered whatever the role, also by a user who has none', () => {
    for (const role of ROLES) assert.equal(reviewDenial('invitation', role), undefined);
  });

  const accepted = (request: RequestFacts) => POLICIES.map(policy => answerDenial('accept', request, policy));
  const gone = 'REQUEST_NOT_FOUND';

  it('a request to join can be accepted in every group', () => {
    assert.deepEqual(accepted(toJoin), [undefined, undefined, undefined]);
  });

  it('an invitation can be accepted while the one who has sent it may still invite', () => {
    assert.deepEqual(accepted(invitedBy('owner')), [undefined, undefined, undefined]);
    assert.deepEqual(accepted(invitedBy('admin')), [undefined, undefined, undefined]);
    assert.deepEqual(accepted(invitedBy('member')), [undefined, gone, gone]);
    assert.deepEqual(accepted(invitedBy(undefined)), [gone, gone, gone]);
  });

  it('every request can be rejected', () => {
    for (const policy of POLICIES) {
      assert.equal(answerDenial('reject', toJoin, policy), undefined);
      for (const role of ROLES) assert.equal(answerDenial('reject', invitedBy(role), policy), undefined);
    }
  });
});

describe('the rule of who is told of which requests', () => {
  const receivers = (userId: number, byId: number | null) =>
    requestShares([{ userId, byId }], membersOf()).map(each => each.receiverIds);

  it('owner, admins and the user are told of a request to join', () => {
    assert.deepEqual(receivers(5, null), [[1, 2, 5]]);
  });

  it('the one who has sent an invitation is told of it too', () => {
    assert.deepEqual(receivers(5, 3), [[1, 2, 5, 3]]);
  });

  it('nobody is told twice', () => {
    assert.deepEqual(receivers(5, 2), [[1, 2, 5]]);
    assert.deepEqual(receivers(2, 3), [[1, 2, 3]]);
  });

  it('of several each is told of those that concern them, and who is told of the same is together', () => {
    const requests = [
      { userId: 5, byId: 3 },
      { userId: 6, byId: 3 },
      { userId: 7, byId: 4 },
    ];
    assert.deepEqual(requestShares(requests, membersOf()), [
      { receiverIds: [1, 2], indices: [0, 1, 2] },
      { receiverIds: [5], indices: [0] },
      { receiverIds: [3], indices: [0, 1] },
      { receiverIds: [6], indices: [1] },
      { receiverIds: [7, 4], indices: [2] },
    ]);
  });
});

describe('the rule of how many requests wait', () => {
  it('there are as many as the limit, and no more', () => {
    assert.equal(waitingDenial(10, 10), undefined);
    assert.equal(waitingDenial(11, 10), 'LIMIT_REACHED');
  });
});
