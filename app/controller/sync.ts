import { Controller } from 'egg';

export default class SyncController extends Controller {
  async pull() {
    const { ctx } = this;
    const { after, limit = 200 } = ctx.input('sync.pull');
    return ctx.reply('sync.pull', await ctx.service.sync.pull(ctx.actor, after, limit));
  }

  async ack() {
    const { ctx } = this;
    const { syncSeq } = ctx.input('sync.ack');
    await ctx.service.sync.acknowledge(ctx.actor, syncSeq);
    return ctx.reply('sync.ack', {});
  }
}
