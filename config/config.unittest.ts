import { UNITTEST_SECRET } from './secrets';
import { settings } from './settings';

export default () => ({
  im: { ...settings.im, jwtSecret: UNITTEST_SECRET, headIntervalMs: 500 },
});
