import { actions } from '../extend/action';

export default actions('group', {
  create: ({ service, actor }, input) => service.group.group.create(actor, input),
  show: ({ service, actor }, { groupId }) => service.group.group.show(actor, groupId),
  update: ({ service, actor }, { groupId, ...changes }) => service.group.group.update(actor, groupId, changes),
  transfer: ({ service, actor }, { groupId, userId }) => service.group.ownership.transfer(actor, groupId, userId),
  dissolve: ({ service, actor }, { groupId }) => service.group.ownership.dissolve(actor, groupId),
  join: ({ service, actor }, { groupId, words }) => service.group.admission.join(actor, groupId, words),
  leave: ({ service, actor }, { groupId }) => service.group.member.leave(actor, groupId),
});
