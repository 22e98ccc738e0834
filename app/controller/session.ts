import { actions } from '../extend/action';

export default actions('session', {
  index: ({ service, actor }, input) => service.account.session.list(actor, input),
  remove: ({ service, actor }, { deviceId }) => service.account.session.endDevice(actor, deviceId),
});
