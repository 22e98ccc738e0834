import { actions } from '../extend/action';

export default actions('message', {
  send: ({ service, actor }, input) => service.message.sending.sendTo(actor, input),
  create: ({ service, actor }, { conversationId, ...draft }) =>
    service.message.sending.send(actor, conversationId, draft),
  index: ({ service, actor }, { conversationId, ...page }) => service.message.history.list(actor, conversationId, page),
  batch: ({ service, actor }, { conversationId, seqs }) => service.message.history.listOf(actor, conversationId, seqs),
  edit: ({ service, actor }, { conversationId, seq, ...given }) =>
    service.message.change.edit(actor, conversationId, seq, given),
  recall: ({ service, actor }, { conversationId, seq }) => service.message.change.recall(actor, conversationId, seq),
  remove: ({ service, actor }, { conversationId, seqs, for: whom }) =>
    service.message.removal[whom === 'me' ? 'hide' : 'remove'](actor, conversationId, seqs),
  react: ({ service, actor }, { conversationId, seq, reaction, reacted }) =>
    service.message.mark.react(actor, conversationId, seq, reaction, reacted),
  receipts: ({ service, actor }, { conversationId, seq }) => service.message.receipt.count(actor, conversationId, seq),
  readers: ({ service, actor }, { conversationId, seq, ...page }) =>
    service.message.receipt.listReaders(actor, conversationId, seq, page),
  forward: ({ service, actor }, input) => service.message.forwarding.forward(actor, input),
  pin: ({ service, actor }, { conversationId, seq, pinned }) =>
    service.message.mark.pin(actor, conversationId, seq, pinned),
  pins: ({ service, actor }, { conversationId }) => service.message.history.listPins(actor, conversationId),
  star: ({ service, actor }, { conversationId, seq, starred }) =>
    service.message.mark.star(actor, conversationId, seq, starred),
  stars: ({ service, actor }, page) => service.message.history.listStars(actor, page),
  search: ({ service, actor }, input) => service.message.search.find(actor, input),
});
