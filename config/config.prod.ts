import { isWeak } from './secrets';
import { settings } from './settings';

const { jwtSecret, adminToken } = settings.im;

// Checked here, where production begins, so that no other way to start the service gets past it.
const weak = [isWeak(jwtSecret) && 'IM_JWT_SECRET', adminToken && isWeak(adminToken) && 'IM_ADMIN_TOKEN'].find(Boolean);
if (weak) {
  throw new Error(
    `${weak} is missing or weak: set it to at least 32 random characters, e.g. from \`openssl rand -base64 48\``,
  );
}

export default () => ({
  // The page is asked for anew after an upgrade; egg-static would let browsers keep the old one for a year.
  static: { maxAge: 0 },
  // Everything goes to the log files. What egg-scripts sees on stderr while the service starts, it takes for a failure.
  logger: { consoleLevel: 'NONE' },
});
