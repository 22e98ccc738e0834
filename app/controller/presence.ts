import { actions } from '../extend/action';

export default actions('presence', {
  watch: ({ service, actor, socket }, { userIds }) => service.presence.watch(actor, socket, userIds),
  unwatch: ({ service, socket }, { userIds }) => service.presence.unwatch(socket, userIds),
  show: ({ service, actor }, { userIds }) => service.presence.show(actor, userIds),
  index: ({ service, actor }, { cursor, limit }) => service.presence.listOnline(actor, cursor, limit),
  count: async ({ service, actor }) => ({ count: await service.presence.count(actor) }),
});
