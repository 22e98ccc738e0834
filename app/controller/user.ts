import { actions } from '../extend/action';

export default actions('user', {
  me: ({ service, actor }) => service.account.profile.me(actor),
  update: ({ service, actor }, changes) => service.account.profile.update(actor, changes),
  destroy: ({ service, actor, address }, { password }) => service.deletion.destroy(actor, password, address),
  search: ({ service, actor }, input) => service.account.directory.search(actor, input),
  batch: ({ service, actor }, { userIds }) => service.account.directory.batch(actor, userIds),
  show: ({ service, actor }, { userId }) => service.account.profile.show(actor, userId),
});
