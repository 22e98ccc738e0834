import { encode } from 'blurhash';
import { writeFile } from 'node:fs/promises';
import sharp, { type Metadata, type Sharp, type SharpOptions } from 'sharp';
import { AppError, invalidInput } from '../../../schema/errors';
import { madeOf, type Described } from './described';

/** The longest side of a thumbnail, and of what a placeholder is made of, in pixels. */
const THUMBNAIL = 480;
const PLACEHOLDER = 32;
/** Parts of a placeholder along the longer and the shorter side. */
const PARTS = [4, 3] as const;
/** What is hardly told from the original, and what is enough for a small picture. */
const FINE = 90;
const SMALL = 75;
/** How hard WebP looks for the smallest file: half the work of the default, for hardly more bytes. */
const EFFORT = 2;

sharp.cache(false);
sharp.concurrency(1);
// What sniffing lets through and nothing else, should the two disagree on what a file is.
const loader = 'VipsForeignLoad';
sharp.block({ operation: [loader] });
sharp.unblock({ operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif'].map(each => loader + each) });

const encoders: Readonly<Record<string, (picture: Sharp) => Sharp>> = {
  'image/jpeg': picture => picture.jpeg({ quality: FINE }),
  'image/png': picture => picture.png(),
  'image/gif': picture => picture.gif(),
  'image/webp': picture => picture.webp({ quality: FINE, effort: EFFORT }),
  // As WebP: encoding 40 megapixels as AVIF takes 1.5 GB, and a minute.
  'image/avif': picture => picture.webp({ quality: FINE, effort: EFFORT }),
};

export const isPicture = (mime: string) => mime in encoders;

/**
 * A picture, with a thumbnail, and with a copy to keep in its place when it tells where or how it was taken. Throws INVALID_INPUT
 * when it is broken, TOO_LARGE when its frames together have more pixels than `most`.
 */
export async function describePicture(path: string, mime: string, most: number): Promise<Described> {
  const options: SharpOptions = { failOn: 'error', limitInputPixels: most };
  // Reads the header alone, and it is for us to say how large is too large.
  const metadata = await readable(sharp(path, { ...options, limitInputPixels: false }).metadata());
  const { pages = 1, autoOrient } = metadata;
  const pixels = autoOrient.width * autoOrient.height * pages;
  if (pixels > most) throw new AppError('TOO_LARGE', { path: '/file', pixels, limit: most });
  const { thumbnail, replaced } = madeOf(path);
  const small = await readable(thumbnailOf(sharp(path, options)));
  await writeFile(thumbnail, small);
  const described = { kind: 'image', mime, ...autoOrient, blurhash: await blurhashOf(small), thumbnail } as const;
  if (!isTalkative(metadata)) return described;
  // Turning is for one frame alone.
  const picture = pages > 1 ? sharp(path, { ...options, animated: true }) : sharp(path, options).autoOrient();
  const clean = await readable(encoders[mime](picture.keepIccProfile()).toBuffer({ resolveWithObject: true }));
  await writeFile(replaced, clean.data);
  return { ...described, mime: `image/${clean.info.format}`, replaced };
}

/** Whether it holds more than the picture: EXIF and the like tell the place. */
function isTalkative({ exif, xmp, iptc, tifftagPhotoshop, comments, orientation = 1 }: Metadata): boolean {
  return [exif, xmp, iptc, tifftagPhotoshop, comments].some(Boolean) || orientation !== 1;
}

function thumbnailOf(picture: Sharp): Promise<Buffer> {
  return picture
    .autoOrient()
    .resize(THUMBNAIL, THUMBNAIL, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: SMALL, effort: EFFORT })
    .toBuffer();
}

async function blurhashOf(thumbnail: Buffer): Promise<string> {
  const { data, info } = await sharp(thumbnail)
    .resize(PLACEHOLDER, PLACEHOLDER, { fit: 'inside' })
    .flatten({ background: 'white' })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const [longer, shorter] = PARTS;
  const [across, down] = info.width < info.height ? [shorter, longer] : [longer, shorter];
  return encode(new Uint8ClampedArray(data), info.width, info.height, across, down);
}

/** What a picture gives; whatever fails in reading one means that it is broken. */
async function readable<T>(work: Promise<T>): Promise<T> {
  return work.catch(() => {
    throw invalidInput('/file', 'a picture that can be read is needed');
  });
}
