import { Controller } from 'egg';

const YEAR_S = 31_536_000;

export default class FileController extends Controller {
  /** The file itself. Whoever knows the id may have it: nobody can guess one, and pages show it where no token can be sent. */
  async show() {
    const { ctx } = this;
    const { id: wanted } = ctx.params as { id: string };
    const isFresh = ['', `"${wanted}"`].includes(ctx.get('if-range'));
    const { media, file, isShown, range } = await ctx.service.media.open(wanted, isFresh ? ctx.get('range') : '');
    const { id, mime, name, size } = media;
    ctx.attachment(name ?? undefined, { type: isShown ? 'inline' : 'attachment' });
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
