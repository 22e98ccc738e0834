import { Controller } from 'egg';
import type { EventData } from '../../extend/context';

export default class SyncController extends Controller {
  async pull(): Promise<EventData<'sync:pull'>> {
    const { ctx } = this;
    const { after, limit = 200 } = ctx.payload('sync:pull');
    return ctx.service.sync.pull(ctx.actor, after, limit);
  }

  async ack(): Promise<Record<string, never>> {
    const { ctx } = this;
    await ctx.service.sync.acknowledge(ctx.actor, ctx.payload('sync:ack').syncSeq);
    return {};
  }
}
