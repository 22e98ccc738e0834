import { actions } from '../extend/action';

export default actions('auth', {
  register: ({ service }, input) => service.account.credentials.register(input),
  login: ({ service }, input) => service.account.credentials.login(input),
  refresh: ({ service }, { refreshToken }) => service.account.session.refresh(refreshToken),
  logout: ({ service, actor: { userId, sessionId } }) => service.account.session.close(userId, { sessionId }, 'logout'),
  password: ({ service, actor }, { oldPassword, newPassword }) =>
    service.account.credentials.changePassword(actor, oldPassword, newPassword),
});
