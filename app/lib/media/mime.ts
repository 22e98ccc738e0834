import type { MediaKind } from '../../schema/media';

type Test = (beginning: Buffer) => boolean;

const at = (from: number, ...words: string[]): Test => {
  return beginning => words.some(word => beginning.toString('latin1', from, from + word.length) === word);
};
const riff = (form: string): Test => {
  return beginning => at(0, 'RIFF')(beginning) && at(8, form)(beginning);
};
const mp4 = (...brands: string[]): Test => {
  return beginning => at(4, 'ftyp')(beginning) && at(8, ...brands)(beginning);
};

/** How files of a kind begin, in this order: a container after those that are made in it. */
const beginnings: readonly (readonly [MediaKind, Test])[] = [
  ['image', at(0, '\xff\xd8\xff', '\x89PNG\r\n\x1a\n', 'GIF87a', 'GIF89a')],
  ['image', riff('WEBP')],
  ['image', mp4('avif', 'avis')],
  ['file', mp4('heic', 'heix', 'mif1', 'msf1')],
  ['voice', mp4('M4A ')],
  // Moving pictures, MP4, QuickTime and 3GP, and WebM.
  ['video', at(4, 'ftyp')],
  ['video', at(0, '\x1a\x45\xdf\xa3')],
  ['voice', riff('WAVE')],
  ['voice', at(0, 'OggS', '#!AMR', 'fLaC', 'ID3', '\xff\xf1', '\xff\xf9', '\xff\xfb', '\xff\xf3', '\xff\xf2')],
];

/**
 * Of which kind a file is that still comes in, as far as its first bytes tell: a sound may begin as a video does, and what begins as
 * a picture may be none. What it is for sure an inspection finds out.
 */
export function kindOf(beginning: Buffer): MediaKind {
  return beginnings.find(([, begins]) => begins(beginning))?.[0] ?? 'file';
}

/** Whether a browser may show it in its place; anything else is for downloading. */
export function isShown(mime: string): boolean {
  return /^(image|video|audio)\//.test(mime);
}
