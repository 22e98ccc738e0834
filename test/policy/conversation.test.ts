import assert from 'node:assert/strict';
import { typingReceivers, writeDenial, type WriteFacts } from '../../app/policy/conversation';
import type { ErrorCode } from '../../app/schema/errors';
import { membersOf, pairOf } from '../support/members';

const now = new Date('2026-01-31T09:30:00.000Z');
const time = now.getTime();
const common = { userId: 1, now, muteAll: false, friendsOnly: false };
const group: WriteFacts = { ...common, userId: 3, type: 'group', members: membersOf() };
const single: WriteFacts = { ...common, type: 'single', members: pairOf() };
const alone = pairOf({ ids: [1] });
const mutedUntil = (milliseconds: number) => membersOf({ mutedUntil: new Map([[3, milliseconds]]) });

type Case = readonly [title: string, facts: WriteFacts, denial: ErrorCode | undefined];

const cases: readonly Case[] = [
  ['nobody writes to a system conversation', { ...group, type: 'system' }, 'FORBIDDEN'],
  [
    'nobody writes to a system conversation, whose members are not known',
    { ...group, type: 'system', members: membersOf({ ids: [] }) },
    'FORBIDDEN',
  ],
  ['a stranger does not write to a group', { ...group, userId: 5 }, 'NOT_A_MEMBER'],
  ['a stranger does not write to a single conversation', { ...single, userId: 5 }, 'NOT_A_MEMBER'],
  [
    'a stranger learns nothing of a block',
    { ...single, userId: 5, members: pairOf({ blockers: new Set([1, 2]) }) },
    'NOT_A_MEMBER',
  ],

  ['two users write to each other', single, undefined],
  [
    'a stranger does not write to who takes messages from friends',
    { ...single, members: pairOf({ audiences: new Map([[2, 'friends']]) }) },
    'NOT_FRIENDS',
  ],
  [
    'a friend writes to who takes messages from friends',
    { ...single, members: pairOf({ friends: true, audiences: new Map([[2, 'friends']]) }) },
    undefined,
  ],
  [
    'a friend does not write to who takes messages from nobody',
    { ...single, members: pairOf({ friends: true, audiences: new Map([[2, 'nobody']]) }) },
    'FORBIDDEN',
  ],
  [
    'who takes messages from nobody may still write',
    { ...single, members: pairOf({ audiences: new Map([[1, 'nobody']]) }) },
    undefined,
  ],
  [
    'the service may allow less than the user',
    { ...single, friendsOnly: true, members: pairOf({ audiences: new Map([[2, 'everyone']]) }) },
    'NOT_FRIENDS',
  ],
  [
    'a user who is blocked by the other does not write',
    { ...single, members: pairOf({ blockers: new Set([2]) }) },
    'BLOCKED',
  ],
  [
    'a user who has blocked the other may still write',
    { ...single, members: pairOf({ blockers: new Set([1]) }) },
    undefined,
  ],
  [
    'neither of two who have blocked each other writes',
    { ...single, members: pairOf({ blockers: new Set([1, 2]) }) },
    'BLOCKED',
  ],
  ['two who are no friends do not write where only friends may', { ...single, friendsOnly: true }, 'NOT_FRIENDS'],
  [
    'friends write where only friends may',
    { ...single, friendsOnly: true, members: pairOf({ friends: true }) },
    undefined,
  ],
  [
    'a friend who is blocked does not write where only friends may',
    { ...single, friendsOnly: true, members: pairOf({ friends: true, blockers: new Set([2]) }) },
    'BLOCKED',
  ],
  [
    'a block comes before the lack of a friendship',
    { ...single, friendsOnly: true, members: pairOf({ blockers: new Set([2]) }) },
    'BLOCKED',
  ],
  [
    'a user writes to themselves where only friends may write to each other',
    { ...single, friendsOnly: true, members: alone },
    undefined,
  ],
  [
    'a mute has no meaning in a single conversation',
    { ...single, muteAll: true, members: pairOf({ mutedUntil: new Map([[1, time + 1]]) }) },
    undefined,
  ],

  ['a member writes to a group', group, undefined],
  [
    'members of a group need not be friends, and blocks among them do not count',
    { ...group, friendsOnly: true, members: membersOf({ blockers: new Set([1, 2, 4]) }) },
    undefined,
  ],
  ['a member does not write to a group in which all are muted', { ...group, muteAll: true }, 'MUTED'],
  ['an admin writes to a group in which all are muted', { ...group, userId: 2, muteAll: true }, undefined],
  ['the owner writes to a group in which all are muted', { ...group, userId: 1, muteAll: true }, undefined],
  ['a member does not write before the end of a mute', { ...group, members: mutedUntil(time + 1) }, 'MUTED'],
  ['a member writes at the end of a mute', { ...group, members: mutedUntil(time) }, undefined],
  ['a member writes after the end of a mute', { ...group, members: mutedUntil(time - 1) }, undefined],
  ['a member writes while another one is muted', { ...group, userId: 4, members: mutedUntil(time + 1) }, undefined],
  [
    'an admin who is muted does not write',
    { ...group, userId: 2, members: membersOf({ mutedUntil: new Map([[2, time + 1]]) }) },
    'MUTED',
  ],
];

describe('the rule of writing', () => {
  for (const [title, facts, denial] of cases) {
    it(title, () => assert.equal(writeDenial(facts), denial));
  }
});

describe('the rule of typing', () => {
  const idsUpTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

  it('all other members are told, and not the one who types', () => {
    assert.deepEqual(typingReceivers(3, membersOf()), [1, 2, 4]);
  });

  it('nobody is told where the user is alone', () => {
    assert.deepEqual(typingReceivers(1, alone), []);
  });

  it('a group of 200 is told, and a larger one is not', () => {
    assert.deepEqual(typingReceivers(200, membersOf({ ids: idsUpTo(200) })), idsUpTo(199));
    assert.deepEqual(typingReceivers(201, membersOf({ ids: idsUpTo(201) })), []);
  });
});
