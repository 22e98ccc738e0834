import { Controller } from 'egg';

export default class SyncController extends Controller {
  async pull(): Promise<void> {
    const { ctx } = this;
    const { query } = ctx.input('sync.pull');
    ctx.reply('sync.pull', await ctx.service.sync.pull(ctx.actor, query.after, query.limit ?? 200));
  }

  async ack(): Promise<void> {
    const { ctx } = this;
    const { body } = ctx.input('sync.ack');
    await ctx.service.sync.acknowledge(ctx.actor, body.syncSeq);
    ctx.reply('sync.ack', {});
  }
}
