import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import recordings from './recordings.json';

/** As a browser records them, two seconds each; the videos are 64 × 48. */
const recorded = (name: keyof typeof recordings) => Buffer.from(recordings[name], 'base64');

export const voiceWebm = () => recorded('voiceWebm');
export const voiceMp4 = () => recorded('voiceMp4');
export const videoWebm = () => recorded('videoWebm');
export const videoMp4 = () => recorded('videoMp4');

/** A video that was taken with the telephone on its side. */
export function sidewaysMp4(): Buffer {
  const content = videoMp4();
  // The header of the second track, which is the picture's; its matrix says how it is turned.
  const matrix = content.lastIndexOf('tkhd') + 56;
  const [one, minusOne] = [0x00010000, 0xffff0000];
  [0, one, 0, minusOne, 0, 0, 0, 0, 0x40000000].forEach((value, at) => content.writeUInt32BE(value, matrix + 4 * at));
  return content;
}

/** Two seconds of silence, 50 frames in each. */
export const amr = () => Buffer.concat([Buffer.from('#!AMR\n'), ...many(100, Buffer.from([0x3c, ...many(31, 0)]))]);

/** Two seconds of silence, in frames of 1152 of 44,100 samples. */
export const mp3 = () => Buffer.concat(many(77, Buffer.from([0xff, 0xfb, 0x90, 0x64, ...many(413, 0)])));

/** Two seconds of silence: two headers, and a page of 100 packets. */
export function opus(): Buffer {
  const head = Buffer.from('OpusHead\x01\x01\0\0\x80\xbb\0\0\0\0\0', 'latin1');
  const tags = Buffer.from('OpusTags\x04\0\0\0test\0\0\0\0', 'latin1');
  const packets = many(100, Buffer.from([0xf8, 0xff, 0xfe]));
  return Buffer.concat([oggPage(2, 0, 0, [head]), oggPage(0, 0, 1, [tags]), oggPage(4, 96_000, 2, packets)]);
}

/** A picture of noise, which does not become small by packing. */
export function noise(width: number, height: number): Sharp {
  const gaussian = { type: 'gaussian', mean: 128, sigma: 30 } as const;
  return sharp({ create: { width, height, channels: 3, background: 'gray', noise: gaussian } });
}

export function plain(width: number, height: number): Sharp {
  return sharp({ create: { width, height, channels: 3, background: 'gray' } });
}

/** What a telephone writes into a picture: where it was taken. */
export const TAKEN_AT = {
  IFD0: { Make: 'Telephone' },
  IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100', GPSLongitudeRef: 'W', GPSLongitude: '0/1 7/1 40/1' },
};

/** A PNG of a few bytes whose header speaks of so many pixels. */
export async function bomb(width: number, height: number): Promise<Buffer> {
  const content = await noise(1, 1).png().toBuffer();
  content.writeUInt32BE(width, 16);
  content.writeUInt32BE(height, 20);
  content.writeUInt32BE(crc32(content.subarray(12, 29)), 29);
  return content;
}

/** A PNG with a text in it. */
export function withText(png: Buffer, text: string): Buffer {
  const chunk = Buffer.from(`....tEXtComment\0${text}....`, 'latin1');
  chunk.writeUInt32BE(chunk.length - 12, 0);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), chunk.length - 4);
  // Behind its beginning and its header.
  return Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]);
}

let directory: Promise<string> | undefined;
let files = 0;

/** Puts a file where it can be looked at; returns its path. */
export async function fileOf(content: Buffer | string): Promise<string> {
  const path = join(await (directory ??= mkdtemp(join(tmpdir(), 'egg-im-'))), String(files++));
  await writeFile(path, content);
  return path;
}

export async function removeFiles(): Promise<void> {
  if (directory) await rm(await directory, { recursive: true });
  directory = undefined;
}

function many<T>(howMany: number, what: T): T[] {
  return Array.from({ length: howMany }, () => what);
}

/** Packets of less than 255 bytes each. */
function oggPage(flags: number, granule: number, place: number, packets: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(27);
  header.write('OggS');
  header.writeUInt8(flags, 5);
  header.writeBigUInt64LE(BigInt(granule), 6);
  header.writeUInt32LE(1, 14);
  header.writeUInt32LE(place, 18);
  header.writeUInt8(packets.length, 26);
  const page = Buffer.concat([header, Buffer.from(packets.map(each => each.length)), ...packets]);
  page.writeUInt32LE(oggChecksum(page), 22);
  return page;
}

function oggChecksum(page: Buffer): number {
  let sum = 0;
  for (const byte of page) {
    sum ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) sum = sum < 0 ? (sum << 1) ^ 0x04c11db7 : sum << 1;
  }
  return sum >>> 0;
}
