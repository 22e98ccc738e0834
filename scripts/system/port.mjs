import getPort, { clearLockedPorts, portNumbers } from 'get-port';

/**
 * @param {number} port
 * @param {string} [host] every address when absent
 */
export async function isFree(port, host) {
  // get-port counts a port as taken that it has just handed out.
  clearLockedPorts();
  return (await getPort({ port, host })) === port;
}

/**
 * A free port on 127.0.0.1, below the range from which systems take the local ports of outgoing connections: a server that
 * is started again on its port must not find a client of its own sitting there. The search begins anywhere, so that two
 * scripts that start at once do not meet.
 */
export const freePort = () =>
  getPort({ host: '127.0.0.1', port: portNumbers(20_000 + Math.floor(Math.random() * 10_000), 32_000) });
