import { Controller } from 'egg';

export default class GroupController extends Controller {
  async create(): Promise<void> {
    const { ctx } = this;
    const { body } = ctx.input('group.create');
    ctx.reply('group.create', await ctx.service.group.create(ctx.actor, body));
  }

  async show(): Promise<void> {
    const { ctx } = this;
    const { params } = ctx.input('group.show');
    ctx.reply('group.show', await ctx.service.group.show(ctx.actor, Number(params.id)));
  }

  async members(): Promise<void> {
    const { ctx } = this;
    const { params, query } = ctx.input('group.members');
    const { members, nextCursor } = await ctx.service.group.members(ctx.actor, Number(params.id), query);
    ctx.reply('group.members', members, nextCursor);
  }

  async add(): Promise<void> {
    const { ctx } = this;
    const { params, body } = ctx.input('group.add');
    ctx.reply('group.add', await ctx.service.group.add(ctx.actor, Number(params.id), body.userIds.map(Number)));
  }

  async remove(): Promise<void> {
    const { ctx } = this;
    const { params, body } = ctx.input('group.remove');
    ctx.reply('group.remove', await ctx.service.group.remove(ctx.actor, Number(params.id), body.userIds.map(Number)));
  }

  async leave(): Promise<void> {
    const { ctx } = this;
    const { params } = ctx.input('group.leave');
    await ctx.service.group.leave(ctx.actor, Number(params.id));
    ctx.reply('group.leave', {});
  }
}
