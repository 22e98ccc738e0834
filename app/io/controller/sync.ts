import { Controller } from 'egg';

export default class SyncController extends Controller {
  async pull(): Promise<void> {
    const { ctx } = this;
    const { after, limit = 200 } = ctx.payload('sync:pull');
    ctx.acknowledge('sync:pull', await ctx.service.sync.pull(ctx.actor, after, limit));
  }

  async ack(): Promise<void> {
    const { ctx } = this;
    const { syncSeq } = ctx.payload('sync:ack');
    await ctx.service.sync.acknowledge(ctx.actor, syncSeq);
    ctx.acknowledge('sync:ack', {});
  }
}
