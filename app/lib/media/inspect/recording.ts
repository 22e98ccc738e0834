import { mediaInfoFactory } from 'mediainfo.js';
import { open } from 'node:fs/promises';
import { UNKNOWN } from './sniff';
import type { Described } from './described';

/** WebAssembly: what a container makes of its parser stays within it. */
const parser = mediaInfoFactory();

export const isRecording = (mime: string) => /^(video|audio)\//.test(mime);

/** A quarter of a circle and three of them, in degrees: width and height change places. */
const SIDEWAYS = new Set([90, 270]);

/** A video or a voice, by the tracks in its container; of one without any nothing is known. */
export async function describeRecording(path: string, mime: string): Promise<Described> {
  const tracks = await tracksOf(path);
  const video = tracks.find(track => track['@type'] === 'Video');
  const audio = tracks.find(track => track['@type'] === 'Audio');
  if (!video && !audio) return { kind: 'file', mime: UNKNOWN };
  const duration = tracks.find(track => track['@type'] === 'General')?.Duration;
  const timed = duration === undefined ? {} : { duration };
  const [, format] = mime.split('/');
  if (!video) return { kind: 'voice', mime: `audio/${format}`, ...timed };
  const { Width: width, Height: height, Rotation } = video;
  const size = SIDEWAYS.has(Number(Rotation)) ? { width: height, height: width } : { width, height };
  return { kind: 'video', mime: `video/${format}`, ...(width && height && size), ...timed };
}

/** Reads as much of the file as it takes, a piece at a time. */
async function tracksOf(path: string) {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const read = async (length: number, position: number) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
      return buffer.subarray(0, bytesRead);
    };
    return (await (await parser).analyzeData(size, read)).media?.track ?? [];
  } finally {
    await file.close();
  }
}
