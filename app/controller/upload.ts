import { actions } from '../extend/action';

export default actions('upload', {
  show: (ctx, { uploadId }) => ctx.service.resumable.show(ctx.actor, uploadId),
});
