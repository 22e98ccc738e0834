import { Controller } from 'egg';

export default class BlockController extends Controller {
  async index() {
    const { ctx } = this;
    const { items, nextCursor } = await ctx.service.contact.block.list(ctx.actor, ctx.input('block.index'));
    return ctx.reply('block.index', items, nextCursor);
  }

  async create() {
    const { ctx } = this;
    const { userId } = ctx.input('block.create');
    await ctx.service.contact.block.create(ctx.actor, userId);
    return ctx.reply('block.create', {});
  }

  async remove() {
    const { ctx } = this;
    const { userId } = ctx.input('block.remove');
    await ctx.service.contact.block.remove(ctx.actor, userId);
    return ctx.reply('block.remove', {});
  }
}
