import type { Application, Context } from 'egg';

/** Asks one worker of each node now and then; of these, one gets to work. */
export default ({ config }: Application) => ({
  // Also at the start, so that what a restart has interrupted goes on. Tests ask for it themselves.
  schedule: { type: 'worker', interval: '10m', immediate: true, disable: config.env === 'unittest' },

  async task({ app, service }: Context) {
    await service.deletion.resume();
    const purged = await app.engine.purge.run();
    if (purged) app.logger.info('[retention] %d rows and files purged', purged);
  },
});
