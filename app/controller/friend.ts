import { actions } from '../extend/action';

export default actions('friend', {
  index: ({ service, actor }, page) => service.contact.friend.list(actor, page),
  update: ({ service, actor }, { userId, alias }) => service.contact.friend.update(actor, userId, alias),
  remove: ({ service, actor }, { userId }) => service.contact.friend.remove(actor, userId),
  requests: ({ service, actor }, page) => service.contact.friendRequest.list(actor, page),
  ask: ({ service, actor }, { userId, greeting }) => service.contact.friendRequest.ask(actor, userId, greeting),
  answer: ({ service, actor }, { userId, answer }) => service.contact.friendRequest.answer(actor, userId, answer),
});
