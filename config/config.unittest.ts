import { settings } from './settings';

export default () => ({
  im: { ...settings.im, jwtSecret: 'egg-im-unittest-only-secret-0123456789', headIntervalMs: 500 },
});
