import { Controller } from 'egg';

export default class ConversationController extends Controller {
  async index() {
    const { ctx } = this;
    const page = ctx.input('conversation.index');
    const { conversations, nextCursor } = await ctx.service.conversationList.page(ctx.actor, page);
    return ctx.reply('conversation.index', conversations, nextCursor);
  }

  async show() {
    const { ctx } = this;
    const { conversationId } = ctx.input('conversation.show');
    return ctx.reply('conversation.show', await ctx.service.conversationList.show(ctx.actor, Number(conversationId)));
  }

  async update() {
    const { ctx } = this;
    const { conversationId, ...given } = ctx.input('conversation.update');
    const conversation = await ctx.service.conversationSetting.update(ctx.actor, Number(conversationId), given);
    return ctx.reply('conversation.update', conversation);
  }

  async clear() {
    const { ctx } = this;
    const { conversationId } = ctx.input('conversation.clear');
    const conversation = await ctx.service.conversationSetting.clear(ctx.actor, Number(conversationId));
    return ctx.reply('conversation.clear', conversation);
  }

  async remove() {
    const { ctx } = this;
    const { conversationId } = ctx.input('conversation.remove');
    await ctx.service.conversationSetting.remove(ctx.actor, Number(conversationId));
    return ctx.reply('conversation.remove', {});
  }

  async read() {
    const { ctx } = this;
    const { conversationId, seq } = ctx.input('conversation.read');
    return ctx.reply('conversation.read', await ctx.service.conversation.read(ctx.actor, Number(conversationId), seq));
  }

  async readAll() {
    const { ctx } = this;
    await ctx.service.conversationUnread.readAll(ctx.actor);
    return ctx.reply('conversation.readAll', {});
  }

  async unread() {
    const { ctx } = this;
    return ctx.reply('conversation.unread', await ctx.service.conversationUnread.total(ctx.actor));
  }

  async typing() {
    const { ctx } = this;
    const { conversationId, typing } = ctx.input('conversation.typing');
    await ctx.service.typing.tell(ctx.actor, Number(conversationId), typing);
    return ctx.reply('conversation.typing', {});
  }
}
