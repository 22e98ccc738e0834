import { protocolNames } from './protocols';
import { DEVELOPMENT_SECRET } from './secrets';
import { settings } from './settings';

const ON_THIS_MACHINE = ['http://127.0.0.1:*', 'http://localhost:*'];

/** A developer's machine: tokens survive a restart, and nobody has to choose a secret first. */
export default () => ({
  im: {
    ...settings.im,
    jwtSecret: settings.im.jwtSecret || DEVELOPMENT_SECRET,
    embedOrigins: settings.im.embedOrigins.length > 0 ? settings.im.embedOrigins : ON_THIS_MACHINE,
    protocols: settings.im.protocols.length > 0 ? settings.im.protocols : protocolNames,
  },
});
