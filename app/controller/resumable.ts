import { Controller } from 'egg';
import { PassThrough, Readable } from 'node:stream';

/** What the protocol looks at. */
const HEADERS = [
  'content-length',
  'tus-resumable',
  'upload-concat',
  'upload-defer-length',
  'upload-length',
  'upload-metadata',
  'upload-offset',
];

/** Node.js asks for it where a body is a stream. */
const STREAMED = { duplex: 'half' };

export default class ResumableController extends Controller {
  /** Uploads in parts, by the tus protocol. */
  async handle() {
    const { ctx } = this;
    try {
      const response = await ctx.service.resumable.handle(ctx.actor, this.request());
      ctx.status = response.status;
      for (const [name, value] of response.headers) {
        // Which pages may read it, the settings say and not the protocol.
        if (!name.startsWith('access-control-')) ctx.set(name, value);
      }
      ctx.body = null;
      ctx.status = response.status;
    } finally {
      // A client that is still sending does not read the answer.
      ctx.req.unpipe();
      ctx.req.resume();
    }
  }

  private request(): Request {
    const { ctx } = this;
    const url = `http://localhost${ctx.path}`;
    const { method } = ctx;
    const headers = HEADERS.filter(name => ctx.get(name)).map(name => [name, ctx.get(name)] as const);
    // Only the parts that follow have content: what comes with the beginning would hold up the user's others.
    if (method !== 'PATCH') return new Request(url, { method, headers: Object.fromEntries(headers) });
    const type = ['content-type', ctx.get('content-type')] as const;
    return new Request(url, {
      method,
      headers: Object.fromEntries([...headers, type]),
      body: this.content(),
      ...STREAMED,
    });
  }

  /** What is sent, as far as it comes. */
  private content(): ReadableStream {
    const { req } = this.ctx;
    const content = req.pipe(new PassThrough());
    req.once('close', () => req.complete || content.destroy(new Error('the connection has broken off')));
    // The browsers' name for the same.
    return Readable.toWeb(content) as ReadableStream;
  }
}
