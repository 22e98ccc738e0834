import { execa } from 'execa';
import { root } from './system/paths.mjs';

/**
 * Makes the chat page, unless it is newer than its sources. In a process of its own: Vite tells the one it runs in that it is in
 * production.
 * @param {AbortSignal} signal
 */
export async function buildPage(signal) {
  await execa(process.execPath, ['web/build.mjs'], { cwd: root, stdio: 'inherit', cancelSignal: signal });
}
