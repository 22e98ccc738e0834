import assert from 'node:assert/strict';
import { admits, audienceDenial } from '../../app/policy/privacy';
import type { ErrorCode } from '../../app/schema/errors';
import type { Audience } from '../../app/schema/user';

describe('the rule of privacy', () => {
  const cases: readonly (readonly [Audience, areFriends: boolean, ErrorCode | undefined])[] = [
    ['everyone', false, undefined],
    ['everyone', true, undefined],
    ['friends', false, 'NOT_FRIENDS'],
    ['friends', true, undefined],
    ['nobody', false, 'FORBIDDEN'],
    ['nobody', true, 'FORBIDDEN'],
  ];
  for (const [audience, areFriends, denial] of cases) {
    const whom = areFriends ? 'a friend' : 'a stranger';
    it(`what is allowed to ${audience} is ${denial ? 'refused' : 'allowed'} to ${whom}`, () => {
      assert.equal(audienceDenial(audience, areFriends), denial);
      assert.equal(admits(audience, areFriends), denial === undefined);
    });
  }
});
