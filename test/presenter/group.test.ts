import assert from 'node:assert/strict';
import { presentGroup } from '../../app/presenter/group';
import { presentGroupRequest } from '../../app/presenter/group_request';
import { presentMember, presentMemberUpdate } from '../../app/presenter/member';

const at = new Date('2026-01-31T09:30:00.123Z');
const later = new Date('2026-02-07T09:30:00.123Z');
const member = { userId: 7, role: 'member' as const, alias: null, mutedUntil: null, joinedAt: at };

describe('presenting groups', () => {
  it('a group is its own conversation, and what is not set is left out', () => {
    const policies = { joinPolicy: 'invite' as const, history: 'joined' as const };
    const row = { id: 5, name: 'Us', avatar: null, announcement: null, ownerId: 7, ...policies, createdAt: at };
    const group = {
      id: '5',
      conversationId: '5',
      name: 'Us',
      ownerId: '7',
      memberCount: 3,
      ...policies,
      muteAll: false,
      createdAt: '2026-01-31T09:30:00.123Z',
    };
    assert.deepEqual(presentGroup(row, 3, false), group);
    const full = { avatar: '/a.png', announcement: 'hear' };
    assert.deepEqual(presentGroup({ ...row, ...full }, 3, true), { ...group, ...full, muteAll: true });
  });

  it('a member has the name and picture of the user', () => {
    const shown = { userId: '7', name: 'Ann', role: 'member', joinedAt: '2026-01-31T09:30:00.123Z' };
    assert.deepEqual(presentMember(member, { name: 'Ann', avatar: null, cardVersion: 0 }), shown);
    const muted = { ...member, alias: 'Al', mutedUntil: later };
    const full = { ...shown, avatar: '/a.png', version: 2, alias: 'Al', mutedUntil: '2026-02-07T09:30:00.123Z' };
    assert.deepEqual(presentMember(muted, { name: 'Ann', avatar: '/a.png', cardVersion: 2 }), full);
  });

  it('a member whose user is not known has an empty name', () => {
    assert.equal(presentMember(member).name, '');
  });

  it('a change of a member says what the member is now, and who has changed it', () => {
    assert.deepEqual(presentMemberUpdate(member, 9), { userId: '7', role: 'member', by: '9' });
    const changed = { ...member, role: 'admin' as const, alias: 'Al', mutedUntil: later };
    const mutedUntil = '2026-02-07T09:30:00.123Z';
    assert.deepEqual(presentMemberUpdate(changed, 9), { userId: '7', role: 'admin', alias: 'Al', mutedUntil, by: '9' });
  });

  it('a request has the cards of the group, of the user and of the one who has invited', () => {
    const group = { id: '5', name: 'Us' };
    const [ann, bob] = [
      { id: '7', name: 'Ann' },
      { id: '8', name: 'Bob' },
    ];
    const users = new Map([
      [7, ann],
      [8, bob],
    ]);
    const common = { groupId: 5, userId: 7, status: 'pending' as const, createdAt: at, expiresAt: later };
    const times = { createdAt: '2026-01-31T09:30:00.123Z', expiresAt: '2026-02-07T09:30:00.123Z' };
    const asked = presentGroupRequest({ ...common, kind: 'join', byId: null, words: null }, group, users);
    assert.deepEqual(asked, { group, kind: 'join', user: ann, status: 'pending', ...times });
    const invited = presentGroupRequest({ ...common, kind: 'invitation', byId: 8, words: 'come' }, group, users);
    const rest = { by: bob, words: 'come', status: 'pending', ...times };
    assert.deepEqual(invited, { group, kind: 'invitation', user: ann, ...rest });
  });
});
