import { Controller } from 'egg';

export default class PresenceController extends Controller {
  async watch() {
    const { ctx } = this;
    const { userIds } = ctx.input('presence.watch');
    const presences = await ctx.service.presence.watch(ctx.actor, ctx.socket, userIds);
    return ctx.reply('presence.watch', presences);
  }

  unwatch() {
    const { ctx } = this;
    const { userIds } = ctx.input('presence.unwatch');
    ctx.service.presence.unwatch(ctx.socket, userIds);
    return Promise.resolve(ctx.reply('presence.unwatch', {}));
  }

  async show() {
    const { ctx } = this;
    const { userIds } = ctx.input('presence.show');
    return ctx.reply('presence.show', await ctx.service.presence.show(ctx.actor, userIds));
  }

  async count() {
    const { ctx } = this;
    return ctx.reply('presence.count', { count: await ctx.service.presence.count(ctx.actor) });
  }
}
