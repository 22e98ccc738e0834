import { Controller } from 'egg';

export default class HomeController extends Controller {
  /** For load balancers: this worker answers and reaches MySQL. */
  async health(): Promise<void> {
    const { ctx } = this;
    await ctx.app.engine.database.select('SELECT 1');
    ctx.body = { ok: true };
  }
}
