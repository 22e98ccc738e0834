import type { Described } from './described';
import { describePicture, isPicture } from './picture';
import { describeRecording, isRecording } from './recording';
import { sniff } from './sniff';

/**
 * What a file is, with what is made of it beside it. `pixels`: how many a picture may have. Throws INVALID_INPUT when it is a broken
 * picture, TOO_LARGE.
 */
export async function describeFile(path: string, pixels: number): Promise<Described> {
  const mime = await sniff(path);
  if (isPicture(mime)) return describePicture(path, mime, pixels);
  if (isRecording(mime)) return describeRecording(path, mime);
  return { kind: 'file', mime };
}
