import type { Application, Context } from 'egg';
import { finished } from 'node:stream/promises';
import { respondFor, type Answer } from './extend/action';
import { UPLOADS_PATH } from './lib/media/resumable/uploads';
import { serveNamespace } from './io/namespace';
import { serveProtocols } from './protocol';
import { callNames, calls, type Call } from './schema/calls';
import { zoneOf } from './schema/display_time';
import { jsonObject } from './schema/json';

/** Routes follow the table of calls: one named `group.create` is answered by controller.group.create. */
export default (app: Application) => {
  const { router, controller, middleware } = app;
  const guards = { token: [middleware.authenticate()], admin: [middleware.admin()], open: [] };
  // Ahead of the calls, because a GET answers HEAD too.
  const uploads = [middleware.authenticate(), controller.resumable.handle] as const;
  for (const method of ['post', 'options'] as const) router[method](UPLOADS_PATH, ...uploads);
  for (const method of ['head', 'patch', 'delete'] as const) router[method](`${UPLOADS_PATH}/:id`, ...uploads);
  for (const name of callNames) {
    const { method, path, access = 'token' }: Call = calls[name];
    if (!method) continue;
    const respond = respondFor(controller, name);
    router[method](name, `/api/v1${path}`, ...guards[access], (ctx: Context) => {
      const give = (answer: Answer) => {
        ctx.type = 'json';
        const { text } = jsonObject(answer);
        ctx.body = text;
        return text.length;
      };
      const zone = zoneOf(ctx.get('time-zone'), '/headers/time-zone');
      return respond(ctx, give, { sent: () => finished(ctx.res), cut: () => ctx.req.socket.destroy() }, zone);
    });
  }

  serveNamespace(app);
  serveProtocols(app);

  router.get('/', controller.home.index);
  router.get('/embed', controller.home.embed);
  router.get('/assets/:name', controller.home.asset);
  router.get('/:name(worker.js|embed.js|manifest.webmanifest)', controller.home.shell);
  router.get('/healthz', controller.home.health);
  router.get('/media/:id', controller.file.show);
  router.get('/media/:id/thumbnail', controller.file.thumbnail);
  router.get('/docs/search.json', controller.docs.search);
  router.get('/docs/:path*', controller.docs.page);
  router.get('/api/openapi.json', controller.docs.openapi);
  router.get('/api/asyncapi.json', controller.docs.asyncapi);
};
