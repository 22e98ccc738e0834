import type { Context } from 'egg';

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What browsers are told of a page that people open: it loads and runs only what this server serves. */
export default () => async (ctx: Context, next: () => Promise<unknown>) => {
  ctx.set({
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache',
  });
  ctx.type = 'html';
  await next();
};
