import { Controller } from 'egg';

export default class MessageController extends Controller {
  async send() {
    const { ctx } = this;
    return ctx.reply('message.send', await ctx.service.message.sending.sendTo(ctx.actor, ctx.input('message.send')));
  }

  async create() {
    const { ctx } = this;
    const { conversationId, ...draft } = ctx.input('message.create');
    return ctx.reply('message.create', await ctx.service.message.sending.send(ctx.actor, conversationId, draft));
  }

  async index() {
    const { ctx } = this;
    const { conversationId, ...page } = ctx.input('message.index');
    return ctx.reply('message.index', await ctx.service.message.history.list(ctx.actor, conversationId, page));
  }

  async edit() {
    const { ctx } = this;
    const { conversationId, seq, ...given } = ctx.input('message.edit');
    const message = await ctx.service.message.change.edit(ctx.actor, conversationId, seq, given);
    return ctx.reply('message.edit', message);
  }

  async recall() {
    const { ctx } = this;
    const { conversationId, seq } = ctx.input('message.recall');
    return ctx.reply('message.recall', await ctx.service.message.change.recall(ctx.actor, conversationId, seq));
  }

  async remove() {
    const { ctx } = this;
    const { conversationId, seqs, for: whom } = ctx.input('message.remove');
    const { removal } = ctx.service.message;
    await removal[whom === 'me' ? 'hide' : 'remove'](ctx.actor, conversationId, seqs);
    return ctx.reply('message.remove', {});
  }

  async react() {
    const { ctx } = this;
    const { conversationId, seq, reaction, reacted } = ctx.input('message.react');
    await ctx.service.message.mark.react(ctx.actor, conversationId, seq, reaction, reacted);
    return ctx.reply('message.react', {});
  }

  async receipts() {
    const { ctx } = this;
    const { conversationId, seq } = ctx.input('message.receipts');
    const counted = await ctx.service.message.receipt.count(ctx.actor, conversationId, seq);
    return ctx.reply('message.receipts', counted);
  }

  async readers() {
    const { ctx } = this;
    const { conversationId, seq, ...page } = ctx.input('message.readers');
    const { receipt } = ctx.service.message;
    const { items, nextCursor } = await receipt.listReaders(ctx.actor, conversationId, seq, page);
    return ctx.reply('message.readers', items, nextCursor);
  }

  async forward() {
    const { ctx } = this;
    return ctx.reply(
      'message.forward',
      await ctx.service.message.forwarding.forward(ctx.actor, ctx.input('message.forward')),
    );
  }

  async pin() {
    const { ctx } = this;
    const { conversationId, seq, pinned } = ctx.input('message.pin');
    await ctx.service.message.mark.pin(ctx.actor, conversationId, seq, pinned);
    return ctx.reply('message.pin', {});
  }

  async pins() {
    const { ctx } = this;
    const { conversationId } = ctx.input('message.pins');
    return ctx.reply('message.pins', await ctx.service.message.history.listPins(ctx.actor, conversationId));
  }

  async star() {
    const { ctx } = this;
    const { conversationId, seq, starred } = ctx.input('message.star');
    await ctx.service.message.mark.star(ctx.actor, conversationId, seq, starred);
    return ctx.reply('message.star', {});
  }

  async stars() {
    const { ctx } = this;
    const { items, nextCursor } = await ctx.service.message.history.listStars(ctx.actor, ctx.input('message.stars'));
    return ctx.reply('message.stars', items, nextCursor);
  }
  async search() {
    const { ctx } = this;
    const { items, nextCursor } = await ctx.service.message.search.find(ctx.actor, ctx.input('message.search'));
    return ctx.reply('message.search', items, nextCursor);
  }
}
