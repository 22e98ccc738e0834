import { protocolNames } from './protocols';
import { UNITTEST_SECRET } from './secrets';
import { settings } from './settings';

const sockets = { session: 0, user: 0, address: 0, strangers: 0 };
/** Tests make tenants as they need them. */
const tenants = ['*'];
/** Everything comes from one address here, and at once: the tests of the limits turn on what they try. */
const limits = Object.fromEntries(Object.keys(settings.im.limits).map(kind => [kind, 0]));

export default () => ({
  im: {
    ...settings.im,
    limits,
    unanswered: 0,
    sockets,
    tenants,
    jwtSecret: UNITTEST_SECRET,
    protocols: protocolNames,
    headIntervalMs: 500,
  },
});
