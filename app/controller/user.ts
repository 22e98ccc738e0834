import { Controller } from 'egg';

export default class UserController extends Controller {
  async me(): Promise<void> {
    const { ctx } = this;
    ctx.reply('user.me', await ctx.service.account.me(ctx.actor));
  }

  async update(): Promise<void> {
    const { ctx } = this;
    const { body } = ctx.input('user.update');
    ctx.reply('user.update', await ctx.service.account.update(ctx.actor, body));
  }

  async show(): Promise<void> {
    const { ctx } = this;
    const { params } = ctx.input('user.show');
    ctx.reply('user.show', await ctx.service.account.show(ctx.actor, Number(params.id)));
  }
}
