import { Controller } from 'egg';

export default class UserController extends Controller {
  async me() {
    const { ctx } = this;
    return ctx.reply('user.me', await ctx.service.account.profile.me(ctx.actor));
  }

  async update() {
    const { ctx } = this;
    return ctx.reply('user.update', await ctx.service.account.profile.update(ctx.actor, ctx.input('user.update')));
  }

  async search() {
    const { ctx } = this;
    const { items, nextCursor } = await ctx.service.contact.people.search(ctx.actor, ctx.input('user.search'));
    return ctx.reply('user.search', items, nextCursor);
  }

  async show() {
    const { ctx } = this;
    const { userId } = ctx.input('user.show');
    return ctx.reply('user.show', await ctx.service.account.profile.show(ctx.actor, userId));
  }
}
