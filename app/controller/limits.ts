import { actions } from '../extend/action';
import { keysOf } from '../schema/common';
import { Limits } from '../schema/service_limits';

export default actions('limits', {
  show: ({ app }) => {
    const { im } = app.config;
    return Object.fromEntries(keysOf(Limits.properties).map(name => [name, im[name]])) as Limits;
  },
});
