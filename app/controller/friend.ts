import { Controller } from 'egg';

export default class FriendController extends Controller {
  async index() {
    const { ctx } = this;
    const { items, nextCursor } = await ctx.service.contact.friend.list(ctx.actor, ctx.input('friend.index'));
    return ctx.reply('friend.index', items, nextCursor);
  }

  async update() {
    const { ctx } = this;
    const { userId, alias } = ctx.input('friend.update');
    return ctx.reply('friend.update', await ctx.service.contact.friend.update(ctx.actor, userId, alias));
  }

  async remove() {
    const { ctx } = this;
    const { userId } = ctx.input('friend.remove');
    await ctx.service.contact.friend.remove(ctx.actor, userId);
    return ctx.reply('friend.remove', {});
  }

  async requests() {
    const { ctx } = this;
    const { items, nextCursor } = await ctx.service.contact.friendRequest.list(ctx.actor, ctx.input('friend.requests'));
    return ctx.reply('friend.requests', items, nextCursor);
  }

  async ask() {
    const { ctx } = this;
    const { userId, greeting } = ctx.input('friend.ask');
    return ctx.reply('friend.ask', await ctx.service.contact.friendRequest.ask(ctx.actor, userId, greeting));
  }

  async answer() {
    const { ctx } = this;
    const { userId, answer } = ctx.input('friend.answer');
    return ctx.reply('friend.answer', await ctx.service.contact.friendRequest.answer(ctx.actor, userId, answer));
  }
}
