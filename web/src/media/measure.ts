import type { Size } from './frame';

/** Longest sides of a poster, and of pictures that are scaled down, in pixels. */
const POSTER = 960;
const SIDES = [4096, 3072, 2048, 1280];
const QUALITY = 0.88;
/** Some browsers never say that they can not read a film. */
const PATIENCE_MS = 5000;

/** The size of a picture; undefined where it is none. */
export async function sizeOf(picture: Blob): Promise<Size | undefined> {
  try {
    const { width, height } = await createImageBitmap(picture);
    return { width, height };
  } catch {
    return undefined;
  }
}

/** Size, length and first frame of a film, as far as this browser can read it. */
export async function posterOf(film: Blob): Promise<{ size?: Size; duration?: number; poster?: Blob }> {
  const url = URL.createObjectURL(film);
  const element = document.createElement('video');
  try {
    element.muted = true;
    element.preload = 'auto';
    const isThere = new Promise<void>((resolve, reject) => {
      element.addEventListener('loadeddata', () => resolve(), { once: true });
      element.addEventListener('error', () => reject(new Error('It can not be read')), { once: true });
      setTimeout(() => reject(new Error('It is not read')), PATIENCE_MS);
    });
    element.src = url;
    await isThere;
    const size = { width: element.videoWidth, height: element.videoHeight };
    const { duration } = element;
    return { size, poster: await drawn(element, size, POSTER), ...(Number.isFinite(duration) && { duration }) };
  } catch {
    return {};
  } finally {
    element.removeAttribute('src');
    URL.revokeObjectURL(url);
  }
}

/** The same picture with fewer pixels, of `limit` bytes at most. Rejects when that can not be. */
export async function scaledDown(picture: File, limit: number): Promise<File> {
  const bitmap = await createImageBitmap(picture);
  for (const side of SIDES) {
    const smaller = await drawn(bitmap, bitmap, side);
    if (smaller.size <= limit) {
      return new File([smaller], `${picture.name.replace(/\.\w+$/, '')}.jpg`, { type: 'image/jpeg' });
    }
  }
  throw new Error('It is too large in any size');
}

function drawn(source: CanvasImageSource, { width, height }: Size, most: number): Promise<Blob> {
  const scale = Math.min(1, most / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.getContext('2d')?.drawImage(source, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob(blob => (blob ? resolve(blob) : reject(new Error('It can not be drawn'))), 'image/jpeg', QUALITY),
  );
}
