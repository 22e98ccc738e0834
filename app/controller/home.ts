import { send } from '@koa/send';
import { Controller } from 'egg';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../schema/errors';

/** Where the demo accounts, whose password is public, are told. */
const DEMO_ENVIRONMENTS = ['local', 'unittest'];

export default class HomeController extends Controller {
  /** The same page, in a frame of a site that may show it. */
  async embed(): Promise<void> {
    if (this.app.config.im.embedOrigins.length === 0) throw new AppError('NOT_FOUND');
    await this.index();
  }

  /** The page on which one logs in and chats. */
  async index(): Promise<void> {
    const { ctx, app } = this;
    const page = await readFile(join(this.built, 'index.html'), 'utf8');
    const demo = DEMO_ENVIRONMENTS.includes(app.config.env) ? await this.demo() : '';
    ctx.body = page.replace('<!-- demo -->', () => demo);
  }

  /** A file that the page loads, in the smallest form that the browser takes. Its name says what is in it, so that it never changes. */
  async asset(): Promise<void> {
    const { ctx } = this;
    const { name } = ctx.params as { name: string };
    ctx.vary('accept-encoding');
    // Egg's own types of cookies are not those of Koa.
    await send(ctx as unknown as Parameters<typeof send>[0], name, {
      root: join(this.built, 'assets'),
      setHeaders: response => response.setHeader('cache-control', 'public, max-age=31536000, immutable'),
    });
  }

  /** What makes the page one that can be installed, and that opens without a network: asked for each time, as the page itself. */
  async shell(): Promise<void> {
    const { name } = this.ctx.params as { name: string };
    await send(this.ctx as unknown as Parameters<typeof send>[0], name, { root: this.built });
  }

  /** For load balancers: this worker answers and reaches MySQL. */
  async health(): Promise<void> {
    const { ctx } = this;
    await ctx.app.engine.ping();
    ctx.body = { ok: true };
  }

  private get built(): string {
    return join(this.app.baseDir, 'web/dist');
  }

  private async demo(): Promise<string> {
    // By a path made here: what is not TypeScript is no part of the build.
    const { default: demo } = (await import(join(this.app.baseDir, 'database/demo.js'))) as { default: unknown };
    return `<meta name="demo" content="${encodeURIComponent(JSON.stringify(demo))}" />`;
  }
}
