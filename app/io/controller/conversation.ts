import { Controller } from 'egg';
import type { EventData } from '../../extend/context';

export default class ConversationController extends Controller {
  async read(): Promise<EventData<'conversation:read'>> {
    const { ctx } = this;
    const { conversationId, seq } = ctx.payload('conversation:read');
    return ctx.service.conversation.read(ctx.actor, Number(conversationId), seq);
  }
}
