import { actions } from '../extend/action';
import { keepFormFile } from '../extend/form_file';

export default actions('media', { create: ctx => keepFormFile(ctx, 'file') });
