import { Controller, type Context } from 'egg';
import type { Readable } from 'node:stream';
import { AppError } from '../schema/errors';
import { isShown } from '../lib/media/mime';
import { rangeOf } from '../lib/media/range';
import type { Upload } from '../service/media';

/** A part of a form that is a file, as egg-multipart gives it. */
type Part = Readable & { readonly fieldname: string; readonly filename?: string; readonly mimeType: string };

/** Bytes of a form beside its file. */
const FORM_BYTES = 65_536;
const YEAR_S = 31_536_000;

const unreadable = (path: string, message: string) => new AppError('INVALID_INPUT', [{ path, message }]);

export default class MediaController extends Controller {
  async create() {
    const { ctx } = this;
    try {
      return ctx.reply('media.create', await ctx.service.media.create(ctx.actor, await uploadOf(ctx)));
    } catch (error) {
      // The rest is taken in and dropped: a client that is still sending does not read the answer.
      ctx.req.unpipe();
      ctx.req.resume();
      throw error;
    }
  }

  /** The file itself. Whoever knows the id may have it: nobody can guess one, and pages show it where no token can be sent. */
  async show() {
    const { ctx } = this;
    const { media, file } = await ctx.service.media.open((ctx.params as { id: string }).id);
    const { id, mime, name, size } = media;
    ctx.attachment(name ?? undefined, { type: isShown(mime) ? 'inline' : 'attachment' });
    ctx.set({
      // What users have uploaded is never a page of this server's: no script of it runs, and nothing guesses another type.
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': `private, max-age=${YEAR_S}, immutable`,
      'accept-ranges': 'bytes',
      'content-type': mime,
      etag: `"${id}"`,
    });
    ctx.status = 200;
    const range = [undefined, '', `"${id}"`].includes(ctx.get('if-range'))
      ? rangeOf(ctx.get('range'), size)
      : undefined;
    if (ctx.fresh) {
      await file.close();
      ctx.status = 304;
      return;
    }
    if (range === null) {
      await file.close();
      ctx.set({ 'content-range': `bytes */${size}`, 'cache-control': 'no-store' });
      ctx.status = 416;
      return;
    }
    const { start, end } = range ?? { start: 0, end: size - 1 };
    if (range) {
      ctx.status = 206;
      ctx.set('content-range', `bytes ${start}-${end}/${size}`);
    }
    ctx.body = file.createReadStream({ start, end: Math.max(start, end) });
    ctx.length = end - start + 1;
  }
}

/** The one file of a form, field `file`. Throws INVALID_INPUT, TOO_LARGE; its content does, too. */
async function uploadOf(ctx: Context): Promise<Upload> {
  if (!ctx.is('multipart')) throw unreadable('/', 'multipart/form-data is needed');
  if (ctx.request.length > ctx.app.config.im.mediaMaxBytes + FORM_BYTES) throw new AppError('TOO_LARGE');
  const broken = new Promise<never>((_resolve, reject) => {
    ctx.req.once('close', () => ctx.req.complete || reject(unreadable('/', 'the form has no end')));
  });
  broken.catch(() => undefined);
  const parts = partsOf(ctx);
  const next = () =>
    Promise.race([parts(), broken]).catch((error: unknown) => {
      throw error instanceof AppError ? error : unreadable('/', 'a form with one file is needed');
    });
  const part = await next();
  if (part?.fieldname !== 'file' || !part.filename) throw unreadable('/file', 'a file is needed');
  part.once('limit', () => part.destroy(new AppError('TOO_LARGE')));
  broken.catch((error: unknown) => part.destroy(error as Error));
  const complete = async () => {
    await next();
  };
  return { name: part.filename, mime: part.mimeType, content: contentOf(part), complete };
}

function partsOf(ctx: Context): () => Promise<Part | undefined> {
  try {
    return ctx.multipart({ autoFields: true }) as () => Promise<Part | undefined>;
  } catch {
    throw unreadable('/', 'multipart/form-data with a boundary is needed');
  }
}

async function* contentOf(part: Part): AsyncGenerator<Buffer> {
  try {
    yield* part as AsyncIterable<Buffer>;
  } catch (error) {
    throw error instanceof AppError ? error : unreadable('/', 'the form has no end');
  }
}
