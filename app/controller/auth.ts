import { actions } from '../extend/action';

export default actions('auth', {
  register: ({ service, isAdmin, address }, input) => service.account.credentials.register(input, isAdmin, address),
  login: ({ service, address }, input) => service.account.credentials.login(input, address),
  refresh: ({ service }, { refreshToken, deviceId }) => service.account.session.refresh(refreshToken, deviceId),
  logout: ({ service, actor }) => service.account.session.end(actor, 'logout'),
  password: ({ service, actor, address }, { oldPassword, newPassword }) =>
    service.account.credentials.changePassword(actor, oldPassword, newPassword, address),
});
