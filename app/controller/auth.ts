import { Controller } from 'egg';

export default class AuthController extends Controller {
  async register(): Promise<void> {
    const { ctx } = this;
    const { body } = ctx.input('auth.register');
    ctx.reply('auth.register', await ctx.service.account.register(body));
  }

  async login(): Promise<void> {
    const { ctx } = this;
    const { body } = ctx.input('auth.login');
    ctx.reply('auth.login', await ctx.service.account.login(body));
  }

  async refresh(): Promise<void> {
    const { ctx } = this;
    const { body } = ctx.input('auth.refresh');
    ctx.reply('auth.refresh', await ctx.service.session.refresh(body.refreshToken));
  }

  async logout(): Promise<void> {
    const { ctx } = this;
    const { userId, sessionId } = ctx.actor;
    await ctx.service.session.close(userId, { sessionId }, 'logout');
    ctx.reply('auth.logout', {});
  }

  async password(): Promise<void> {
    const { ctx } = this;
    const { body } = ctx.input('auth.password');
    await ctx.service.account.changePassword(ctx.actor, body.oldPassword, body.newPassword);
    ctx.reply('auth.password', {});
  }
}
