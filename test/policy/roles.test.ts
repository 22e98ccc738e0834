import assert from 'node:assert/strict';
import { may, outranks, roleOf, type Right } from '../../app/policy/roles';
import type { JoinPolicy, Role } from '../../app/schema/group';
import { membersOf } from '../support/members';

const ROLES: readonly Role[] = ['owner', 'admin', 'member'];
const holders = (right: Right, joinPolicy?: JoinPolicy) => ROLES.filter(role => may(role, right, joinPolicy));

describe('a role in a group', () => {
  it('the owner alone transfers and dissolves a group, and gives roles', () => {
    for (const right of ['transfer', 'dissolve', 'promote'] as const) assert.deepEqual(holders(right), ['owner']);
  });

  it('owner and admins change a group, let others in, review requests, remove and mute', () => {
    for (const right of ['update', 'admit', 'review', 'remove', 'mute'] as const) {
      assert.deepEqual(holders(right), ['owner', 'admin']);
    }
  });

  it('every member of an open group lets others in', () => {
    assert.deepEqual(holders('admit', 'open'), ROLES);
  });

  it('no plain member of any other group lets others in', () => {
    for (const joinPolicy of ['approval', 'invite'] as const) {
      assert.deepEqual(holders('admit', joinPolicy), ['owner', 'admin']);
    }
  });

  it('an open group gives its plain members no other right', () => {
    for (const right of ['update', 'review', 'remove', 'mute'] as const) {
      assert.deepEqual(holders(right, 'open'), ['owner', 'admin']);
    }
  });

  it('a role is above those of a lower one, and not above its equals', () => {
    const below = (role: Role) => ROLES.filter(other => outranks(role, other));
    assert.deepEqual(ROLES.map(below), [['admin', 'member'], ['member'], []]);
  });

  it('a user is the owner, an admin, a plain member, or nothing in a group', () => {
    const roles = [1, 2, 3, 5].map(id => roleOf(id, 1, membersOf()));
    assert.deepEqual(roles, ['owner', 'admin', 'member', undefined]);
  });

  it('an owner who has left has no role any more', () => {
    assert.equal(roleOf(5, 5, membersOf()), undefined);
  });
});
