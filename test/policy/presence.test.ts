import assert from 'node:assert/strict';
import {
  presenceShownTo,
  presenceDenial,
  presenceOutcome,
  tellsDelivery,
  type PresenceFacts,
} from '../../app/policy/presence';

describe('the rule of who may see whether a user is online', () => {
  const strangers: PresenceFacts = { viewerId: 1, userId: 2, isBlocked: false, areFriends: false };
  const self = { ...strangers, userId: 1 };
  const cases: readonly (readonly [
    title: string,
    facts: PresenceFacts,
    outcome: ReturnType<typeof presenceOutcome>,
  ])[] = [
    ['users see themselves', self, 'allowed'],
    ['friends see each other', { ...strangers, areFriends: true }, 'allowed'],
    ['of strangers a common group decides', strangers, 'group'],
    ['a user who is blocked sees nothing, whatever groups there are', { ...strangers, isBlocked: true }, 'refused'],
    ['a friend who is blocked sees nothing', { ...strangers, isBlocked: true, areFriends: true }, 'refused'],
    ['a block comes before everything else', { ...self, isBlocked: true }, 'refused'],
  ];
  for (const [title, facts, outcome] of cases) it(title, () => assert.equal(presenceOutcome(facts), outcome));

  it('one who may not be seen is enough to refuse all of them', () => {
    assert.equal(presenceDenial([]), undefined);
    assert.equal(presenceDenial([2]), 'FORBIDDEN');
    assert.equal(presenceDenial([2, 3]), 'FORBIDDEN');
  });
});

describe('the rule of hidden presence', () => {
  const online = { userId: '2', online: true, platforms: ['web'] };
  const offline = { userId: '2', online: false, platforms: [], lastSeenAt: '2026-01-31T09:30:00.000Z' };
  const nothing = { userId: '2', online: false, platforms: [] };

  it('a user who hides nothing is shown to others as they are', () => {
    for (const presence of [online, offline]) {
      assert.deepEqual(
        presenceShownTo({ viewerId: 1, areFriends: false }, { presence, audience: 'everyone' }),
        presence,
      );
    }
  });

  it('a user who hides is offline to others, and when they were online is not told', () => {
    for (const presence of [online, offline]) {
      assert.deepEqual(presenceShownTo({ viewerId: 1, areFriends: true }, { presence, audience: 'nobody' }), nothing);
    }
  });

  it('users who hide still see themselves', () => {
    for (const presence of [online, offline]) {
      assert.deepEqual(presenceShownTo({ viewerId: 2, areFriends: false }, { presence, audience: 'nobody' }), presence);
    }
  });

  it('a user who shows it to friends is offline to members of common groups', () => {
    const state = {
      presence: { userId: '2', online: true, platforms: ['web' as const] },
      audience: 'friends' as const,
    };
    assert.deepEqual(presenceShownTo({ viewerId: 1, areFriends: true }, state), state.presence);
    const nothing = { userId: '2', online: false, platforms: [] };
    assert.deepEqual(presenceShownTo({ viewerId: 1, areFriends: false }, state), nothing);
  });
});

describe('the rule of who is told that a message has got to a device', () => {
  it('friends whom presence is shown to are, and nobody else', () => {
    for (const audience of ['everyone', 'friends'] as const) {
      assert.equal(tellsDelivery(audience, true), true);
      assert.equal(tellsDelivery(audience, false), false);
    }
    assert.equal(tellsDelivery('nobody', true), false);
  });
});
