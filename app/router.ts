import type { Application } from 'egg';
import { serveNamespace } from './io/namespace';
import { rest, type Call } from './schema/rest';

type Action = (this: unknown) => Promise<unknown>;
type Controllers = Record<string, Record<string, Action>>;

/** Routes follow the table of calls: one named `group.create` is answered by controller.group.create. */
export default (app: Application) => {
  const { router } = app;
  const controllers = app.controller as unknown as Controllers;
  const authenticate = app.middleware.authenticate();
  for (const [name, { method, path, open }] of Object.entries<Call>(rest)) {
    const [controller, action] = name.split('.');
    const answer = controllers[controller][action];
    router[method](name, `/api/v1${path}`, ...(open ? [answer] : [authenticate, answer]));
  }

  serveNamespace(app);

  router.get('/', app.controller.home.index);
  router.get('/healthz', app.controller.home.health);
  router.get('/docs', app.controller.docs.protocol);
  router.get('/api/openapi.json', app.controller.docs.openapi);
  router.get('/api/asyncapi.json', app.controller.docs.asyncapi);
};
