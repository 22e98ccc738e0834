interface Kind {
  /** How such a file begins. */
  readonly begins: (beginning: Buffer) => boolean;
  /** What it may be, as the uploader says; the first when that is none of these. */
  readonly types: readonly string[];
}

const text = (beginning: Buffer, from: number, to: number) => beginning.toString('latin1', from, to);
const at = (from: number, ...words: string[]) => {
  return (beginning: Buffer) => words.some(word => text(beginning, from, from + word.length) === word);
};
const riff = (form: string) => (beginning: Buffer) => at(0, 'RIFF')(beginning) && at(8, form)(beginning);
const mp4 = (...brands: string[]) => {
  return (beginning: Buffer) => at(4, 'ftyp')(beginning) && at(8, ...brands)(beginning);
};
const office = 'application/vnd.openxmlformats-officedocument';

/** In this order: a container after those that are made in it. */
const kinds: readonly Kind[] = [
  { begins: at(0, '\xff\xd8\xff'), types: ['image/jpeg'] },
  { begins: at(0, '\x89PNG\r\n\x1a\n'), types: ['image/png'] },
  { begins: at(0, 'GIF87a', 'GIF89a'), types: ['image/gif'] },
  { begins: riff('WEBP'), types: ['image/webp'] },
  { begins: mp4('avif', 'avis'), types: ['image/avif'] },
  { begins: mp4('heic', 'heix', 'mif1', 'msf1'), types: ['image/heic'] },
  { begins: mp4('M4A '), types: ['audio/mp4'] },
  { begins: mp4('qt  '), types: ['video/quicktime'] },
  { begins: mp4('3gp'), types: ['video/3gpp', 'audio/3gpp'] },
  { begins: at(4, 'ftyp'), types: ['video/mp4', 'audio/mp4'] },
  { begins: at(0, '\x1a\x45\xdf\xa3'), types: ['video/webm', 'audio/webm'] },
  { begins: at(0, 'OggS'), types: ['audio/ogg', 'video/ogg'] },
  { begins: riff('WAVE'), types: ['audio/wav'] },
  { begins: at(0, '#!AMR'), types: ['audio/amr'] },
  { begins: at(0, 'fLaC'), types: ['audio/flac'] },
  { begins: at(0, '\xff\xf1', '\xff\xf9'), types: ['audio/aac'] },
  { begins: at(0, 'ID3', '\xff\xfb', '\xff\xf3', '\xff\xf2'), types: ['audio/mpeg'] },
  { begins: at(0, '%PDF-'), types: ['application/pdf'] },
  {
    begins: at(0, 'PK\x03\x04'),
    types: [
      'application/zip',
      `${office}.wordprocessingml.document`,
      `${office}.spreadsheetml.sheet`,
      `${office}.presentationml.presentation`,
    ],
  },
];

/**
 * What a file is, by its first bytes. What the uploader says decides only among types that begin alike, so that nothing is
 * ever taken for a page, a script or an SVG.
 */
export function mimeOf(beginning: Buffer, said: string): string {
  const types = kinds.find(({ begins }) => begins(beginning))?.types ?? ['application/octet-stream'];
  return types.find(type => type === said.toLowerCase()) ?? types[0];
}

/** Whether a browser may show it in its place; anything else is for downloading. */
export function isShown(mime: string): boolean {
  return /^(image|video|audio)\//.test(mime);
}
