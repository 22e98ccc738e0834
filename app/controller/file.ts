import { Controller } from 'egg';

const YEAR_S = 31_536_000;

export default class FileController extends Controller {
  /** The file itself, to whoever has its address: pages show it where no token can be sent. */
  show() {
    return this.give(false);
  }

  /** The small picture of it. */
  thumbnail() {
    return this.give(true);
  }

  private async give(isThumbnail: boolean) {
    const { ctx } = this;
    const { id } = ctx.params as { id: string };
    const { in: place, until, sign } = ctx.query;
    const part = { range: ctx.get('range'), ifRange: ctx.get('if-range') };
    const wanted = { in: place, until, sign, isThumbnail, ...part };
    const { key, name, mime, size, file, seconds, isShown, range } = await ctx.service.media.open(id, wanted);
    ctx.attachment(name ?? undefined, { type: isShown ? 'inline' : 'attachment' });
    ctx.set({
      // What users have uploaded is never a page of this server's: no script of it runs, and nothing guesses another type.
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': seconds ? `private, max-age=${seconds}, immutable` : `public, max-age=${YEAR_S}, immutable`,
      'accept-ranges': 'bytes',
      'content-type': mime,
      etag: `"${key}"`,
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
