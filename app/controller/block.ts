import { actions } from '../extend/action';

export default actions('block', {
  index: ({ service, actor }, page) => service.contact.block.list(actor, page),
  create: ({ service, actor }, { userId }) => service.contact.block.create(actor, userId),
  remove: ({ service, actor }, { userId }) => service.contact.block.remove(actor, userId),
});
