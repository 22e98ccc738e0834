import assert from 'node:assert/strict';
import { attachDenial, pictureDenial, type MediumFacts } from '../../app/policy/media';
import type { MediaKind } from '../../app/schema/media';

const [ANN, BOB] = [1, 2];
const of = (userId: number, kind: MediaKind): MediumFacts => ({ userId, kind });

describe('the rule of what may be sent', () => {
  const cases: readonly (readonly [string, MediaKind, MediumFacts | undefined, ReturnType<typeof attachDenial>])[] = [
    ['an own picture as a picture', 'image', of(ANN, 'image'), undefined],
    ['an own video as a video', 'video', of(ANN, 'video'), undefined],
    ['an own voice as a voice', 'voice', of(ANN, 'voice'), undefined],
    ['an own document as a file', 'file', of(ANN, 'file'), undefined],
    ['an own picture as a file, which it is too', 'file', of(ANN, 'image'), undefined],
    ['a document as a picture', 'image', of(ANN, 'file'), 'INVALID_INPUT'],
    ['a picture as a video', 'video', of(ANN, 'image'), 'INVALID_INPUT'],
    ['a video as a voice', 'voice', of(ANN, 'video'), 'INVALID_INPUT'],
    ["somebody else's picture", 'image', of(BOB, 'image'), 'MEDIA_NOT_FOUND'],
    ["somebody else's file, of whatever kind", 'image', of(BOB, 'file'), 'MEDIA_NOT_FOUND'],
    ['what is not there', 'file', undefined, 'MEDIA_NOT_FOUND'],
  ];
  for (const [what, type, medium, denial] of cases) {
    it(`${what}: ${denial ?? 'allowed'}`, () => assert.equal(attachDenial(ANN, type, medium), denial));
  }
});

describe('the rule of what may be the picture of a user or a group', () => {
  const cases: readonly (readonly [string, (MediumFacts & { isPublic: boolean }) | null, string | undefined])[] = [
    ['an own picture', { ...of(ANN, 'image'), isPublic: false }, undefined],
    ['one that everybody may see already', { ...of(BOB, 'image'), isPublic: true }, undefined],
    ["somebody else's", { ...of(BOB, 'image'), isPublic: false }, 'MEDIA_NOT_FOUND'],
    ['an own video', { ...of(ANN, 'video'), isPublic: false }, 'INVALID_INPUT'],
    ['what is not there', null, 'MEDIA_NOT_FOUND'],
  ];
  for (const [what, medium, denial] of cases) {
    it(`${what}: ${denial ?? 'allowed'}`, () => assert.equal(pictureDenial(ANN, medium), denial));
  }
});
