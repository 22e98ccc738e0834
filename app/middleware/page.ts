import type { Context } from 'egg';

const RULES = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // What is about to be sent is shown from memory, where no other site can put anything.
  "img-src 'self' blob:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
];

/** Shown in a frame of the sites that are named for it; everything else in none. */
const FRAMED = '/embed';

/**
 * What browsers are told of all that people open: it loads and runs only what this server serves. Around Egg's own middleware, because
 * static files are answered there; what answers with less, such as an upload, says so afterwards.
 */
export default () => async (ctx: Context, next: () => Promise<unknown>) => {
  ctx.set('x-content-type-options', 'nosniff');
  if (!ctx.path.startsWith('/api/')) {
    const frames = ctx.path === FRAMED ? ctx.app.config.im.embedOrigins.join(' ') : '';
    ctx.set({
      'content-security-policy': [...RULES, `frame-ancestors ${frames || "'none'"}`].join('; '),
      ...(!frames && { 'x-frame-options': 'DENY' }),
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
    });
  }
  await next();
};
