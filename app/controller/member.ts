import { Controller } from 'egg';

export default class MemberController extends Controller {
  async index() {
    const { ctx } = this;
    const { groupId, ...page } = ctx.input('member.index');
    const { items, nextCursor } = await ctx.service.group.member.list(ctx.actor, groupId, page);
    return ctx.reply('member.index', items, nextCursor);
  }

  async add() {
    const { ctx } = this;
    const { groupId, userIds } = ctx.input('member.add');
    return ctx.reply('member.add', await ctx.service.group.member.add(ctx.actor, groupId, userIds));
  }

  async remove() {
    const { ctx } = this;
    const { groupId, userIds } = ctx.input('member.remove');
    return ctx.reply('member.remove', await ctx.service.group.member.remove(ctx.actor, groupId, userIds));
  }

  async update() {
    const { ctx } = this;
    const { groupId, userId, ...changes } = ctx.input('member.update');
    const member = await ctx.service.group.member.update(ctx.actor, groupId, userId, changes);
    return ctx.reply('member.update', member);
  }

  async invite() {
    const { ctx } = this;
    const { groupId, userIds, words } = ctx.input('member.invite');
    const ids = userIds;
    return ctx.reply('member.invite', await ctx.service.group.request.invite(ctx.actor, groupId, ids, words));
  }

  async requests() {
    const { ctx } = this;
    const { groupId, ...page } = ctx.input('member.requests');
    const { items, nextCursor } = await ctx.service.group.request.listOf(ctx.actor, groupId, page);
    return ctx.reply('member.requests', items, nextCursor);
  }

  async answer() {
    const { ctx } = this;
    const { groupId, userId, answer } = ctx.input('member.answer');
    const request = await ctx.service.group.request.answer(ctx.actor, groupId, userId, answer);
    return ctx.reply('member.answer', request);
  }

  async invitations() {
    const { ctx } = this;
    const { items, nextCursor } = await ctx.service.group.request.listOwn(ctx.actor, ctx.input('member.invitations'));
    return ctx.reply('member.invitations', items, nextCursor);
  }
}
