import { fileTypeFromFile } from 'file-type';

/** Of a text, which has no beginning of its own, and of what nobody knows. */
export const UNKNOWN = 'application/octet-stream';

/** Types by the name that browsers know, and what may be an SVG by none. */
const KNOWN_AS: Readonly<Record<string, string>> = {
  'audio/x-m4a': 'audio/mp4',
  'video/x-m4v': 'video/mp4',
  'video/matroska': 'video/x-matroska',
  'image/apng': 'image/png',
  'application/xml': UNKNOWN,
};

/** What a file is by its content. Whatever its uploader says, nothing is taken for a page, a script or an SVG. */
export async function sniff(path: string): Promise<string> {
  const [mime = UNKNOWN] = (await fileTypeFromFile(path))?.mime.split(';') ?? [];
  return KNOWN_AS[mime] ?? mime;
}
