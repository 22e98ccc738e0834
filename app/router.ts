import type { Application } from 'egg';
import { clientEvents } from './schema/events';
import { rest, type Call } from './schema/rest';

type Action = (this: unknown) => Promise<unknown>;
type Controllers = Record<string, Record<string, Action>>;

/** Routes follow the tables of app/schema: a call named `group.create` is answered by controller.group.create. */
export default (app: Application) => {
  const { router, io } = app;
  const controllers = app.controller as unknown as Controllers;
  const authenticate = app.middleware.authenticate();
  for (const [name, { method, path, open }] of Object.entries<Call>(rest)) {
    const [controller, action] = name.split('.');
    const answer = controllers[controller][action];
    router[method](name, `/api/v1${path}`, ...(open ? [answer] : [authenticate, answer]));
  }

  const answers = io.controller as unknown as Controllers;
  for (const event of Object.keys(clientEvents)) {
    const [controller, action] = event.split(':');
    io.of('/im').route(event, answers[controller][action]);
  }

  router.get('/', app.controller.home.index);
  router.get('/healthz', app.controller.home.health);
  router.get('/docs', app.controller.docs.protocol);
  router.get('/api/openapi.json', app.controller.docs.openapi);
  router.get('/api/asyncapi.json', app.controller.docs.asyncapi);
};
