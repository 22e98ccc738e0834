import { Controller } from 'egg';

export default class ConversationController extends Controller {
  async index() {
    const { ctx } = this;
    const page = ctx.input('conversation.index');
    const { items, nextCursor } = await ctx.service.conversation.list.page(ctx.actor, page);
    return ctx.reply('conversation.index', items, nextCursor);
  }

  async show() {
    const { ctx } = this;
    const { conversationId } = ctx.input('conversation.show');
    return ctx.reply('conversation.show', await ctx.service.conversation.list.show(ctx.actor, conversationId));
  }

  async update() {
    const { ctx } = this;
    const { conversationId, ...given } = ctx.input('conversation.update');
    const conversation = await ctx.service.conversation.setting.update(ctx.actor, conversationId, given);
    return ctx.reply('conversation.update', conversation);
  }

  async clear() {
    const { ctx } = this;
    const { conversationId } = ctx.input('conversation.clear');
    const conversation = await ctx.service.conversation.setting.clear(ctx.actor, conversationId);
    return ctx.reply('conversation.clear', conversation);
  }

  async remove() {
    const { ctx } = this;
    const { conversationId } = ctx.input('conversation.remove');
    await ctx.service.conversation.setting.remove(ctx.actor, conversationId);
    return ctx.reply('conversation.remove', {});
  }

  async read() {
    const { ctx } = this;
    const { conversationId, seq } = ctx.input('conversation.read');
    return ctx.reply(
      'conversation.read',
      await ctx.service.conversation.conversation.read(ctx.actor, conversationId, seq),
    );
  }

  async readAll() {
    const { ctx } = this;
    await ctx.service.conversation.unread.readAll(ctx.actor);
    return ctx.reply('conversation.readAll', {});
  }

  async unread() {
    const { ctx } = this;
    return ctx.reply('conversation.unread', await ctx.service.conversation.unread.total(ctx.actor));
  }

  async typing() {
    const { ctx } = this;
    const { conversationId, typing } = ctx.input('conversation.typing');
    await ctx.service.conversation.typing.tell(ctx.actor, conversationId, typing);
    return ctx.reply('conversation.typing', {});
  }
}
