import { actions } from '../extend/action';

export default actions('member', {
  index: ({ service, actor }, { groupId, ...page }) => service.group.member.list(actor, groupId, page),
  show: ({ service, actor }, { groupId, userId }) => service.group.member.show(actor, groupId, userId),
  add: ({ service, actor }, { groupId, userIds }) => service.group.member.add(actor, groupId, userIds),
  remove: ({ service, actor }, { groupId, userIds }) => service.group.member.remove(actor, groupId, userIds),
  bans: ({ service, actor }, { groupId, ...page }) => service.group.former.listBans(actor, groupId, page),
  unban: ({ service, actor }, { groupId, userId }) => service.group.former.lift(actor, groupId, userId),
  update: ({ service, actor }, { groupId, userId, ...changes }) =>
    service.group.member.update(actor, groupId, userId, changes),
  invite: ({ service, actor }, { groupId, userIds, words }) =>
    service.group.admission.invite(actor, groupId, userIds, words),
  requests: ({ service, actor }, { groupId, ...page }) => service.group.request.listOf(actor, groupId, page),
  answer: ({ service, actor }, { groupId, userId, answer }) =>
    service.group.admission.answer(actor, groupId, userId, answer),
  invitations: ({ service, actor }, page) => service.group.request.listOwn(actor, page),
});
