import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * @param {number} port
 * @param {string} [host] every address when absent
 */
export async function isFree(port, host) {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return true;
  } catch (error) {
    if (error.code === 'EADDRINUSE') return false;
    throw error;
  } finally {
    server.close();
  }
}

/**
 * A free port on 127.0.0.1, below the range from which systems take the local ports of outgoing connections: a server that
 * is started again on its port must not find a client of its own sitting there.
 */
export async function freePort() {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (await isFree(port, '127.0.0.1')) return port;
  }
  throw new Error('No free port between 20000 and 32000 on 127.0.0.1');
}
