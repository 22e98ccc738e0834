import { Controller } from 'egg';

export default class ConversationController extends Controller {
  async index(): Promise<void> {
    const { ctx } = this;
    const { query } = ctx.input('conversation.index');
    const { conversations, nextCursor } = await ctx.service.conversation.list(ctx.actor, query);
    ctx.reply('conversation.index', conversations, nextCursor);
  }

  async show(): Promise<void> {
    const { ctx } = this;
    const { params } = ctx.input('conversation.show');
    ctx.reply('conversation.show', await ctx.service.conversation.show(ctx.actor, Number(params.id)));
  }

  async read(): Promise<void> {
    const { ctx } = this;
    const { params, body } = ctx.input('conversation.read');
    ctx.reply('conversation.read', await ctx.service.conversation.read(ctx.actor, Number(params.id), body.seq));
  }
}
