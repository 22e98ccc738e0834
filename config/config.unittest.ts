import { UNITTEST_SECRET } from './secrets';
import { settings } from './settings';

/** Tests make tenants as they need them. */
const tenants = ['*'];
/** Everything comes from one address here, and at once: the tests of the limits turn on what they try. */
const limits = Object.fromEntries(Object.keys(settings.im.limits).map(kind => [kind, 0]));

export default () => ({
  im: { ...settings.im, limits, tenants, jwtSecret: UNITTEST_SECRET, headIntervalMs: 500 },
});
