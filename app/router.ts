import type { Application, Context } from 'egg';
import type { Answer } from './extend/context';
import { serveNamespace } from './io/namespace';
import { callNames, calls, type Call } from './schema/calls';

type Action = (this: Context) => Promise<Answer>;
type Controllers = Record<string, Record<string, Action>>;

/** Routes follow the table of calls: one named `group.create` is answered by controller.group.create. */
export default (app: Application) => {
  const { router } = app;
  const controllers = app.controller as unknown as Controllers;
  const guards = { token: [app.middleware.authenticate()], admin: [app.middleware.admin()], open: [] };
  for (const name of callNames) {
    const { method, path, access = 'token' }: Call = calls[name];
    if (!method) continue;
    const [controller, action] = name.split('.');
    const answer = controllers[controller][action];
    router[method](name, `/api/v1${path}`, ...guards[access], async (ctx: Context) => {
      ctx.body = await answer.call(ctx);
    });
  }

  serveNamespace(app);

  const page = app.middleware.page();
  router.get('/', page, app.controller.home.index);
  router.get('/healthz', app.controller.home.health);
  router.get('/media/:id', app.controller.media.show);
  router.get('/docs/search.json', app.controller.docs.search);
  router.get('/docs/:path*', page, app.controller.docs.page);
  router.get('/api/openapi.json', app.controller.docs.openapi);
  router.get('/api/asyncapi.json', app.controller.docs.asyncapi);
};
