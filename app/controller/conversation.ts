import { actions } from '../extend/action';

export default actions('conversation', {
  index: ({ service, actor }, page) => service.conversation.list.page(actor, page),
  show: ({ service, actor }, { conversationId }) => service.conversation.list.show(actor, conversationId),
  update: ({ service, actor }, { conversationId, ...given }) =>
    service.conversation.setting.update(actor, conversationId, given),
  clear: ({ service, actor }, { conversationId, seq }) =>
    service.conversation.setting.clear(actor, conversationId, seq),
  remove: ({ service, actor }, { conversationId, seq }) =>
    service.conversation.setting.remove(actor, conversationId, seq),
  read: ({ service, actor }, { conversationId, seq }) => service.conversation.unread.read(actor, conversationId, seq),
  readAll: ({ service, actor }) => service.conversation.unread.readAll(actor),
  unread: ({ service, actor }) => service.conversation.unread.total(actor),
  typing: ({ service, actor }, { conversationId, typing }) =>
    service.conversation.typing.tell(actor, conversationId, typing),
});
