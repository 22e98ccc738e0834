import { actions } from '../extend/action';

export default actions('auth', {
  register: ({ service }, input) => service.account.credentials.register(input),
  login: ({ service }, input) => service.account.credentials.login(input),
  refresh: ({ service }, { refreshToken, deviceId }) => service.account.session.refresh(refreshToken, deviceId),
  logout: ({ service, actor }) => service.account.session.end(actor, 'logout'),
  password: ({ service, actor }, { oldPassword, newPassword }) =>
    service.account.credentials.changePassword(actor, oldPassword, newPassword),
});
