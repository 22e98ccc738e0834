import { Controller } from 'egg';

export default class MessageController extends Controller {
  async index(): Promise<void> {
    const { ctx } = this;
    const { params, query } = ctx.input('message.index');
    ctx.reply('message.index', await ctx.service.message.list(ctx.actor, Number(params.id), query));
  }

  async create(): Promise<void> {
    const { ctx } = this;
    const { params, body } = ctx.input('message.create');
    ctx.reply('message.create', await ctx.service.message.send(ctx.actor, Number(params.id), body));
  }

  async send(): Promise<void> {
    const { ctx } = this;
    const { body } = ctx.input('message.send');
    ctx.reply('message.send', await ctx.service.message.sendTo(ctx.actor, body));
  }
}
