import { Controller } from 'egg';

export default class GroupController extends Controller {
  async create() {
    const { ctx } = this;
    return ctx.reply('group.create', await ctx.service.group.group.create(ctx.actor, ctx.input('group.create')));
  }

  async show() {
    const { ctx } = this;
    const { groupId } = ctx.input('group.show');
    return ctx.reply('group.show', await ctx.service.group.group.show(ctx.actor, groupId));
  }

  async update() {
    const { ctx } = this;
    const { groupId, ...changes } = ctx.input('group.update');
    return ctx.reply('group.update', await ctx.service.group.group.update(ctx.actor, groupId, changes));
  }

  async transfer() {
    const { ctx } = this;
    const { groupId, userId } = ctx.input('group.transfer');
    return ctx.reply('group.transfer', await ctx.service.group.group.transfer(ctx.actor, groupId, userId));
  }

  async dissolve() {
    const { ctx } = this;
    const { groupId } = ctx.input('group.dissolve');
    await ctx.service.group.group.dissolve(ctx.actor, groupId);
    return ctx.reply('group.dissolve', {});
  }

  async join() {
    const { ctx } = this;
    const { groupId, words } = ctx.input('group.join');
    return ctx.reply('group.join', await ctx.service.group.request.join(ctx.actor, groupId, words));
  }

  async leave() {
    const { ctx } = this;
    const { groupId } = ctx.input('group.leave');
    await ctx.service.group.member.leave(ctx.actor, groupId);
    return ctx.reply('group.leave', {});
  }
}
