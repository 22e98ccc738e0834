import assert from 'node:assert/strict';
import type { WriteFacts } from '../../app/policy/conversation';
import { MAX_PINS, MAX_REACTIONS, pinDenial, pinLimitDenial, reactionLimitDenial } from '../../app/policy/mark';
import type { ErrorCode } from '../../app/schema/errors';
import { membersOf, pairOf } from '../support/members';

const now = new Date('2026-01-31T09:30:00.000Z');
const common = { now, muteAll: false, friendsOnly: false };
const group: WriteFacts = { ...common, userId: 2, type: 'group', members: membersOf() };
const muted = membersOf({ mutedUntil: new Map([2, 3].map(id => [id, now.getTime() + 1])) });
const blocked = pairOf({ blockers: new Set([2]) });

describe('the rule of pins', () => {
  const cases: readonly (readonly [title: string, facts: WriteFacts, denial: ErrorCode | undefined])[] = [
    ['an admin pins in a group', group, undefined],
    ['the owner pins in a group', { ...group, userId: 1 }, undefined],
    ['a plain member does not pin in a group', { ...group, userId: 3 }, 'FORBIDDEN'],
    ['an admin who may not write does not pin', { ...group, members: muted }, 'MUTED'],
    ['the role is refused before a mute', { ...group, userId: 3, members: muted }, 'FORBIDDEN'],
    ['each of two users pins', { ...group, userId: 1, type: 'single', members: pairOf() }, undefined],
    ['a user who is blocked does not pin', { ...group, userId: 1, type: 'single', members: blocked }, 'BLOCKED'],
    ['nobody pins a notice', { ...group, userId: 3, type: 'system' }, 'FORBIDDEN'],
  ];
  for (const [title, facts, denial] of cases) it(title, () => assert.equal(pinDenial(facts), denial));

  it('a conversation has a hundred pins at most', () => {
    assert.equal(MAX_PINS, 100);
    assert.equal(pinLimitDenial(0), undefined);
    assert.equal(pinLimitDenial(99), undefined);
    assert.equal(pinLimitDenial(100), 'LIMIT_REACHED');
    assert.equal(pinLimitDenial(101), 'LIMIT_REACHED');
  });
});

describe('the rule of reactions', () => {
  const different = (count: number) => Array.from({ length: count }, (_, index) => `reaction ${index}`);

  it('a message has twenty different ones at most', () => {
    assert.equal(MAX_REACTIONS, 20);
    assert.equal(reactionLimitDenial('new', []), undefined);
    assert.equal(reactionLimitDenial('new', different(19)), undefined);
    assert.equal(reactionLimitDenial('new', different(20)), 'LIMIT_REACHED');
    assert.equal(reactionLimitDenial('new', different(21)), 'LIMIT_REACHED');
  });

  it('a further user joins in a reaction that is there, however many there are', () => {
    assert.equal(reactionLimitDenial('reaction 0', different(20)), undefined);
    assert.equal(reactionLimitDenial('reaction 19', different(20)), undefined);
  });
});
