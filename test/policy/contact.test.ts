import assert from 'node:assert/strict';
import {
  friendRequestDenial,
  selfDenial,
  statusReceivers,
  statusShownTo,
  welcomeDenial,
} from '../../app/policy/contact';
import type { Members } from '../../app/policy/conversation';
import type { ErrorCode } from '../../app/schema/errors';
import { pairOf } from '../support/members';

describe('the rule of what is meant for two', () => {
  it('users do it to others, and not to themselves', () => {
    assert.equal(selfDenial(1, 2), undefined);
    assert.equal(selfDenial(1, 1), 'FORBIDDEN');
  });
});

describe('the rule of friend requests', () => {
  // User 1 asks user 2.
  const cases: readonly (readonly [title: string, members: Members, denial: ErrorCode | undefined])[] = [
    ['a user asks another', pairOf(), undefined],
    ['a user who is blocked does not ask', pairOf({ blockers: new Set([2]) }), 'BLOCKED'],
    ['a user who has blocked the other does not ask', pairOf({ blockers: new Set([1]) }), 'FORBIDDEN'],
    ['of two blocks the one of the other is told', pairOf({ blockers: new Set([1, 2]) }), 'BLOCKED'],
    ['friends do not ask', pairOf({ friends: true }), 'ALREADY_FRIENDS'],
    ['a block comes before a friendship', pairOf({ friends: true, blockers: new Set([2]) }), 'BLOCKED'],
    ['the own block comes before a friendship', pairOf({ friends: true, blockers: new Set([1]) }), 'FORBIDDEN'],
  ];
  for (const [title, members, denial] of cases) {
    it(title, () => assert.equal(friendRequestDenial(1, 2, members), denial));
  }
});

describe('the rule of who knows the status of a friend request', () => {
  const statuses = ['pending', 'accepted', 'rejected', 'ignored'] as const;
  const seenBy = (userId: number) => statuses.map(status => statusShownTo(userId, { fromId: 1, toId: 2, status }));

  it('the one who was asked sees it as it is', () => {
    assert.deepEqual(seenBy(2), statuses);
  });

  it('to the one who has asked an ignored request is still waiting', () => {
    assert.deepEqual(seenBy(1), ['pending', 'accepted', 'rejected', 'pending']);
  });
});

describe('the rule of who is told of an answer to a friend request', () => {
  const request = (status: 'pending' | 'ignored') => ({ fromId: 1, toId: 2, status });

  it('both users are told that it is accepted or rejected', () => {
    for (const status of ['pending', 'ignored'] as const) {
      assert.deepEqual(statusReceivers(request(status), 'accepted'), [1, 2]);
      assert.deepEqual(statusReceivers(request(status), 'rejected'), [1, 2]);
    }
  });

  it('only the one who ignores a request is told so', () => {
    assert.deepEqual(statusReceivers(request('pending'), 'ignored'), [2]);
  });

  it('nobody is told when it was ignored before', () => {
    assert.deepEqual(statusReceivers(request('ignored'), 'ignored'), []);
  });
});

describe('the rule of who may be brought into a group', () => {
  it('one who has blocked the user is enough to refuse all of them', () => {
    assert.equal(welcomeDenial([]), undefined);
    assert.equal(welcomeDenial([2]), 'BLOCKED');
    assert.equal(welcomeDenial([2, 3]), 'BLOCKED');
  });
});
