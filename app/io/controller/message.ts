import { Controller } from 'egg';

export default class MessageController extends Controller {
  async send(): Promise<void> {
    const { ctx } = this;
    const payload = ctx.payload('message:send');
    ctx.acknowledge('message:send', await ctx.service.message.sendTo(ctx.actor, payload));
  }
}
