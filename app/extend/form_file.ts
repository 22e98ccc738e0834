import type { Readable } from 'node:stream';
import { AppError, invalidInput } from '../schema/errors';
import type { Media } from '../schema/media';
import type { Upload } from '../service/upload';
import type { ActionContext } from './action';

/** A part of a form that is a file, as egg-multipart gives it. */
type Part = AsyncIterable<Buffer> & Readable & { readonly fieldname: string; readonly filename?: string };

/** Bytes of a form beside its file. */
const FORM_BYTES = 65_536;

/** Keeps the one file of a form. Throws what `uploadOf` and `service.upload.create` throw. */
export async function keepFormFile(ctx: ActionContext, field: string): Promise<Media> {
  try {
    return await ctx.service.upload.create(ctx.actor, await uploadOf(ctx, field));
  } catch (error) {
    // The rest is taken in and dropped: a client that is still sending does not read the answer.
    ctx.req.unpipe();
    ctx.req.resume();
    throw error;
  }
}

/** The file of a form, in the field of that name. Throws INVALID_INPUT, TOO_LARGE; its content does, too. */
async function uploadOf(ctx: ActionContext, field: string): Promise<Upload> {
  if (!ctx.is('multipart')) throw invalidInput('/', 'multipart/form-data is needed');
  const limit = Math.max(...Object.values(ctx.app.config.im.mediaMaxBytes));
  // Not Egg's number, which has 32 bits.
  const length = Number(ctx.get('content-length') || NaN);
  const least = length - FORM_BYTES || 0;
  if (least > limit) throw new AppError('TOO_LARGE', { limit });
  const broken = new Promise<AppError>(resolve => {
    ctx.req.once('close', () => ctx.req.complete || resolve(invalidInput('/', 'the form has no end')));
  });
  const end = () => broken.then(error => Promise.reject(error));
  const parts = partsOf(ctx);
  const next = () =>
    Promise.race([parts(), end()]).catch((error: unknown) => {
      throw error instanceof AppError ? error : invalidInput('/', 'a form with one file is needed');
    });
  const part = await next();
  if (part?.fieldname !== field || !part.filename) throw invalidInput(`/${field}`, 'a file is needed');
  part.once('limit', () => part.destroy(new AppError('TOO_LARGE', { limit })));
  void broken.then(error => part.destroy(error));
  const complete = async () => {
    await next();
  };
  return {
    name: part.filename,
    least,
    most: Math.min(length || limit, limit),
    content: contentOf(part),
    complete,
  };
}

function partsOf(ctx: ActionContext): () => Promise<Part | undefined> {
  try {
    return ctx.multipart({ autoFields: true }) as () => Promise<Part | undefined>;
  } catch {
    throw invalidInput('/', 'multipart/form-data with a boundary is needed');
  }
}

async function* contentOf(part: Part): AsyncGenerator<Buffer> {
  try {
    yield* part;
  } catch (error) {
    throw error instanceof AppError ? error : invalidInput('/', 'the form has no end');
  }
}
