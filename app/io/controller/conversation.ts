import { Controller } from 'egg';

export default class ConversationController extends Controller {
  async read(): Promise<void> {
    const { ctx } = this;
    const { conversationId, seq } = ctx.payload('conversation:read');
    ctx.acknowledge('conversation:read', await ctx.service.conversation.read(ctx.actor, Number(conversationId), seq));
  }
}
