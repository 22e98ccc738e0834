import { actions } from '../extend/action';

export default actions('notice', {
  create: async ({ service }, input) => ({ notices: await service.notice.send(input) }),
});
