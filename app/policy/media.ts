import type { MediaKind } from '../schema/media';

/** What a rule asks of a file that was uploaded. */
export interface MediumFacts {
  readonly userId: number;
  readonly kind: MediaKind;
}

type Denial = 'MEDIA_NOT_FOUND' | 'INVALID_INPUT' | undefined;

/**
 * Why a user may not send this in a message of that type: it is not there or somebody else's, or is none of those. A file may
 * be anything.
 */
export function attachDenial(userId: number, type: MediaKind, medium: MediumFacts | null | undefined): Denial {
  if (medium?.userId !== userId) return 'MEDIA_NOT_FOUND';
  return type === 'file' || medium.kind === type ? undefined : 'INVALID_INPUT';
}

/** Why a user may not show this of themselves or of a group. What others show already, everybody may. */
export function pictureDenial(userId: number, medium: (MediumFacts & { readonly isPublic: boolean }) | null): Denial {
  if (medium?.isPublic) return undefined;
  return attachDenial(userId, 'image', medium);
}
