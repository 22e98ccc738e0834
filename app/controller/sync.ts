import { actions } from '../extend/action';

export default actions('sync', {
  pull: ({ service, actor }, { after, limit = 200 }) => service.sync.pull(actor, after, limit),
  ack: ({ service, actor }, { syncSeq }) => service.sync.acknowledge(actor, syncSeq),
});
