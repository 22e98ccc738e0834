import { protocolNames } from './protocols';
import { DEVELOPMENT_SECRET } from './secrets';
import { settings } from './settings';

/** A developer's machine: tokens survive a restart, and nobody has to choose a secret first. */
export default () => ({
  im: {
    ...settings.im,
    jwtSecret: settings.im.jwtSecret || DEVELOPMENT_SECRET,
    protocols: settings.im.protocols.length > 0 ? settings.im.protocols : protocolNames,
  },
});
