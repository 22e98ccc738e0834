import { Controller } from 'egg';

export default class AuthController extends Controller {
  async register() {
    const { ctx } = this;
    const input = ctx.input('auth.register');
    return ctx.reply('auth.register', await ctx.service.account.profile.register(input));
  }

  async login() {
    const { ctx } = this;
    const input = ctx.input('auth.login');
    return ctx.reply('auth.login', await ctx.service.account.profile.login(input));
  }

  async refresh() {
    const { ctx } = this;
    const input = ctx.input('auth.refresh');
    return ctx.reply('auth.refresh', await ctx.service.account.session.refresh(input.refreshToken));
  }

  async logout() {
    const { ctx } = this;
    const { userId, sessionId } = ctx.actor;
    await ctx.service.account.session.close(userId, { sessionId }, 'logout');
    return ctx.reply('auth.logout', {});
  }

  async password() {
    const { ctx } = this;
    const input = ctx.input('auth.password');
    await ctx.service.account.profile.changePassword(ctx.actor, input.oldPassword, input.newPassword);
    return ctx.reply('auth.password', {});
  }
}
