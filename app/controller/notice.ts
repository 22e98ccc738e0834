import { Controller } from 'egg';

export default class NoticeController extends Controller {
  async create() {
    const { ctx } = this;
    return ctx.reply('notice.create', { notices: await ctx.service.notice.send(ctx.input('notice.create')) });
  }
}
