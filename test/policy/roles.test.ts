import assert from 'node:assert/strict';
import type { Members } from '../../app/policy/conversation';
import { may, outranks, roleOf, type Right } from '../../app/policy/roles';
import type { Role } from '../../app/schema/group';

const ROLES: Role[] = ['owner', 'admin', 'member'];
const holders = (right: Right, joinPolicy?: Parameters<typeof may>[2]) =>
  ROLES.filter(role => may(role, right, joinPolicy));

describe('a role in a group', () => {
  it('gives the rights of owner, admins and members', () => {
    for (const right of ['transfer', 'dissolve', 'promote'] as const) assert.deepEqual(holders(right), ['owner']);
    for (const right of ['update', 'admit', 'review', 'remove', 'mute'] as const) {
      assert.deepEqual(holders(right), ['owner', 'admin']);
    }
  });

  it('lets all members let others in where the group is open, and do nothing else', () => {
    assert.deepEqual(holders('admit', 'open'), ROLES);
    for (const joinPolicy of ['approval', 'invite'] as const) {
      assert.deepEqual(holders('admit', joinPolicy), ['owner', 'admin']);
    }
    assert.deepEqual(holders('review', 'open'), ['owner', 'admin']);
  });

  it('is above those of a lower one, and not above its equals', () => {
    const below = (role: Role) => ROLES.filter(other => outranks(role, other));
    assert.deepEqual(ROLES.map(below), [['admin', 'member'], ['member'], []]);
  });

  it('is that of owner, admins, members, or none', () => {
    const ids = [1, 2, 3];
    const members: Members = {
      ids,
      index: new Map(ids.map((id, index) => [id, index])),
      admins: new Set([1, 2]),
      mutedUntil: new Map(),
      blockers: new Set(),
      friends: false,
    };
    assert.deepEqual(
      [...ids, 4].map(id => roleOf(id, 1, members)),
      ['owner', 'admin', 'member', undefined],
    );
  });
});
