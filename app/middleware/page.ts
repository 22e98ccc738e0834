import type { Context } from 'egg';

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "media-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * What browsers are told of all that people open: it loads and runs only what this server serves, in no frame. Around Egg's
 * own middleware, because static files are answered there; what answers with less, such as an upload, says so afterwards.
 */
export default () => async (ctx: Context, next: () => Promise<unknown>) => {
  ctx.set('x-content-type-options', 'nosniff');
  if (!ctx.path.startsWith('/api/')) {
    ctx.set({
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
    });
  }
  await next();
};
