import assert from 'node:assert/strict';
import {
  adminLimitDenial,
  banDenial,
  heirDenial,
  historyStart,
  memberRemovalDenial,
  memberUpdateDenial,
  rightDenial,
  roomDenial,
  showDenial,
  type MemberUpdateFacts,
} from '../../app/policy/group';
import type { ErrorCode } from '../../app/schema/errors';
import type { JoinPolicy, Role } from '../../app/schema/group';
import type { Right } from '../../app/policy/roles';
import { membersOf } from '../support/members';

const ROLES: readonly Role[] = ['owner', 'admin', 'member'];
const POLICIES: readonly JoinPolicy[] = ['open', 'approval', 'invite'];

describe('the rule of rights', () => {
  type Case = readonly [
    title: string,
    role: Role | undefined,
    right: Right | null,
    joinPolicy: JoinPolicy,
    denial: ErrorCode | undefined,
  ];
  const cases: readonly Case[] = [
    ['a stranger does nothing in a group', undefined, 'dissolve', 'open', 'NOT_A_MEMBER'],
    ['a stranger lets nobody into an open group', undefined, 'admit', 'open', 'NOT_A_MEMBER'],
    ['a stranger does not even what takes membership alone', undefined, null, 'open', 'NOT_A_MEMBER'],
    ['a member does what takes membership alone', 'member', null, 'invite', undefined],
    ['a member does not what takes an admin', 'member', 'update', 'open', 'FORBIDDEN'],
    ['an admin does what takes an admin', 'admin', 'update', 'invite', undefined],
    ['an admin does not what takes the owner', 'admin', 'dissolve', 'open', 'FORBIDDEN'],
    ['the owner does what takes the owner', 'owner', 'dissolve', 'invite', undefined],
    ['a member lets others into an open group', 'member', 'admit', 'open', undefined],
    ['a member lets nobody into a group with approval', 'member', 'admit', 'approval', 'FORBIDDEN'],
    ['a member lets nobody into a group by invitation', 'member', 'admit', 'invite', 'FORBIDDEN'],
  ];
  for (const [title, role, right, joinPolicy, denial] of cases) {
    it(title, () => assert.equal(rightDenial(role, right, joinPolicy), denial));
  }
});

describe('the rule of seeing a group', () => {
  it('members see their group, whatever its policy', () => {
    for (const joinPolicy of POLICIES) assert.equal(showDenial(true, joinPolicy), undefined);
  });

  it('others see a group that they may join or ask to join, and no other', () => {
    const denials = POLICIES.map(joinPolicy => showDenial(false, joinPolicy));
    assert.deepEqual(denials, [undefined, undefined, 'NOT_A_MEMBER']);
  });
});

describe('the rule of the number of admins', () => {
  it('there is a place until there are as many as the limit beside the owner', () => {
    assert.equal(adminLimitDenial(3, membersOf(), 2), undefined);
    assert.equal(adminLimitDenial(3, membersOf(), 1), 'LIMIT_REACHED');
  });

  it('who is one already needs no further place, also past the limit', () => {
    for (const userId of [1, 2]) assert.equal(adminLimitDenial(userId, membersOf(), 0), undefined);
  });
});

describe('the rule of bringing back who is banned', () => {
  it('owner and admins do, and plain members do not', () => {
    assert.deepEqual(
      ROLES.map(role => banDenial(role, [5])),
      [undefined, undefined, 'BANNED'],
    );
    assert.equal(banDenial(undefined, [5]), 'BANNED');
  });

  it('where nobody is banned everybody may', () => {
    assert.deepEqual(
      ROLES.map(role => banDenial(role, [])),
      [undefined, undefined, undefined],
    );
  });
});

describe('the rule of room', () => {
  it('a group may be full, and no fuller than that', () => {
    assert.equal(roomDenial(499, 500), undefined);
    assert.equal(roomDenial(500, 500), undefined);
    assert.equal(roomDenial(501, 500), 'GROUP_FULL');
  });
});

describe('the rule of history', () => {
  it('new members see all of it, or what comes after them', () => {
    assert.equal(historyStart('all', 7), 0);
    assert.equal(historyStart('joined', 7), 7);
  });
});

describe('the rule of removals', () => {
  const removable = (role: Role) => ROLES.filter(other => memberRemovalDenial(role, [other]) === undefined);

  it('everybody removes those of a lower role', () => {
    assert.deepEqual(ROLES.map(removable), [['admin', 'member'], ['member'], []]);
  });

  it('nobody is removed when one of them may not be', () => {
    assert.equal(memberRemovalDenial('admin', ['member', 'member']), undefined);
    assert.equal(memberRemovalDenial('admin', ['member', 'admin']), 'FORBIDDEN');
    assert.equal(memberRemovalDenial('admin', ['owner', 'member']), 'FORBIDDEN');
  });

  it('removing nobody is refused to nobody', () => {
    for (const role of ROLES) assert.equal(memberRemovalDenial(role, []), undefined);
  });
});

describe('the rule of changes to a member', () => {
  const ID: Record<Role, number> = { owner: 1, admin: 2, member: 3 };
  const facts = (role: Role, memberRole: Role, changes: MemberUpdateFacts['changes']) => ({
    userId: ID[role],
    role,
    // Another one of that role, who is not the user.
    memberId: ID[memberRole] + 10,
    memberRole,
    changes,
  });
  const changeable = (changes: MemberUpdateFacts['changes']) => (role: Role) =>
    ROLES.filter(other => memberUpdateDenial(facts(role, other, changes)) === undefined);

  it('the owner alone gives roles, to all others', () => {
    assert.deepEqual(ROLES.map(changeable({ role: 'admin' })), [['admin', 'member'], [], []]);
    assert.deepEqual(ROLES.map(changeable({ role: 'member' })), [['admin', 'member'], [], []]);
  });

  it('the owner mutes all others, and an admin plain members', () => {
    const mutedUntil = '2099-01-01T00:00:00.000Z';
    assert.deepEqual(ROLES.map(changeable({ mutedUntil })), [['admin', 'member'], ['member'], []]);
  });

  it('those who may mute may also end a mute, and nobody else', () => {
    assert.deepEqual(ROLES.map(changeable({ mutedUntil: null })), [['admin', 'member'], ['member'], []]);
  });

  it('nobody gives an alias to another', () => {
    for (const alias of ['Al', null]) assert.deepEqual(ROLES.map(changeable({ alias })), [[], [], []]);
  });

  it('each member has an alias of their own making, and neither a role nor a mute', () => {
    for (const role of ROLES) {
      const own = { ...facts(role, role, {}), memberId: ID[role] };
      assert.equal(memberUpdateDenial({ ...own, changes: { alias: 'Al' } }), undefined);
      assert.equal(memberUpdateDenial({ ...own, changes: { alias: null } }), undefined);
      assert.equal(memberUpdateDenial({ ...own, changes: { role: 'member' } }), 'FORBIDDEN');
      assert.equal(memberUpdateDenial({ ...own, changes: { mutedUntil: null } }), 'FORBIDDEN');
    }
  });

  it('one change that is refused refuses all of them', () => {
    const mutedUntil = null;
    assert.equal(memberUpdateDenial(facts('admin', 'member', { mutedUntil, role: 'admin' })), 'FORBIDDEN');
    assert.equal(memberUpdateDenial(facts('admin', 'member', { mutedUntil, alias: 'Al' })), 'FORBIDDEN');
    assert.equal(memberUpdateDenial(facts('owner', 'member', { mutedUntil, role: 'admin' })), undefined);
  });

  it('a user who is no member is not found, whatever is to be changed', () => {
    const stranger = { ...facts('member', 'member', { role: 'admin' as const, alias: 'Al' }), memberRole: undefined };
    assert.equal(memberUpdateDenial(stranger), 'USER_NOT_FOUND');
  });

  it('a change of nothing is refused to nobody', () => {
    for (const role of ROLES) assert.deepEqual(changeable({})(role), ROLES);
  });
});

describe('the rule of transfers', () => {
  it('a group goes to any of its members, and to no stranger', () => {
    for (const id of [1, 2, 3, 4]) assert.equal(heirDenial(id, membersOf()), undefined);
    assert.equal(heirDenial(5, membersOf()), 'USER_NOT_FOUND');
  });
});
