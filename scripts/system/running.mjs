import { createRequire } from 'node:module';
import { createServer } from 'node:net';

const { findNodeProcess } = createRequire(import.meta.url)('egg-scripts/lib/helper');

/**
 * Fails when a service of that title runs, or something has its port: a second one would move the log of the first away before it
 * finds out.
 * @param {string} title
 * @param {number} port
 */
export async function refuseSecond(title, port) {
  // As `egg-scripts stop` finds it. Not every slim image has `ps`.
  const isMaster = ({ cmd }) => cmd.includes('start-cluster') && cmd.includes(`"title":"${title}"`);
  const [master] = await findNodeProcess(isMaster).catch(() => []);
  if (master) throw new Error(`The service is running already (pid ${master.pid}): npm stop`);
  const isTaken = await new Promise(resolve => {
    const server = createServer();
    server.once('error', ({ code }) => resolve(code === 'EADDRINUSE'));
    server.listen(port, () => server.close(() => resolve(false)));
  });
  if (isTaken) throw new Error(`Port ${port} is taken: stop the program that uses it, or set PORT`);
}
