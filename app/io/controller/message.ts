import { Controller } from 'egg';
import type { EventData } from '../../extend/context';

export default class MessageController extends Controller {
  async send(): Promise<EventData<'message:send'>> {
    const { ctx } = this;
    return ctx.service.message.sendTo(ctx.actor, ctx.payload('message:send'));
  }
}
