import type { Application, Context } from 'egg';
import { keepFormFile } from '../../extend/form_file';
import { ERRORS } from '../../schema/errors';

/** The routes by which mini-programs upload: the field of the form, and how the address is answered. */
const routes = [
  { path: '/users/upload_avatar', field: 'avatar', payloadOf: (url: string) => ({ avatar_path: url }) },
  { path: '/users/upload_video', field: 'mp4_url', payloadOf: (url: string) => url },
];

/** Answers `{ status: 200, payload }`, or the HTTP status of the failure with `{ status, err }`. */
export function serveUploads(app: Application): void {
  for (const { path, field, payloadOf } of routes) {
    app.router.post(path, async (ctx: Context) => {
      try {
        const { token = ctx.bearer ?? '' } = ctx.query;
        ctx.actor = await ctx.service.account.session.authenticate(token);
        await app.limits.take('uploads', ctx.actor.userId);
        const { url } = await keepFormFile(ctx, field);
        ctx.body = { status: 200, payload: payloadOf(ctx.origin + url) };
      } catch (error) {
        const { code, message } = app.failureOf(error, 'zh-cn');
        ctx.status = ERRORS[code].status;
        ctx.body = { status: ctx.status, err: message };
      }
    });
  }
}
