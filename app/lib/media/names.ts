/** Path of a medium, below the address of this server. */
export const pathOfMedia = (id: string) => `/media/${id}`;

const ID = /^[\w-]{22}$/;
/** Wherever it stands, so that no way of naming a medium leaves it unprotected. */
const PATH = /\/media\/([\w-]{22})(?![\w-])/g;

export function isMediaId(text: string): boolean {
  return ID.test(text);
}

/** Ids of the media that are named in these texts. */
export function mediaIdsIn(...texts: readonly (string | null | undefined)[]): string[] {
  const named = texts.filter(text => text?.includes('/media/'));
  return [...new Set(named.flatMap(text => [...text!.matchAll(PATH)].map(([, id]) => id)))];
}
