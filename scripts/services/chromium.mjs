import { programs } from '../system/command.mjs';
import { begin } from '../system/progress.mjs';
import { aptInstall, hasApt } from './apt.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC = '/Applications/Google Chrome.app/Contents/MacOS';

const found = () => [...NAMES.flatMap(name => programs(name)), ...programs('Google Chrome', [MAC])][0];

/**
 * The browser that the tests of the page run in; installed where that can be done.
 * @param {AbortSignal} [signal]
 * @returns {Promise<string | undefined>} its path
 */
export async function findChromium(signal) {
  if (!found() && hasApt()) await aptInstall('chromium', signal);
  if (!found()) begin('no Chromium: the tests of the page will fail; put one into PATH');
  return found();
}
