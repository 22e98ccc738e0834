import { start } from 'egg';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** What node.ts runs. */
async function serve(baseDir: string, leaseMs: number): Promise<void> {
  const app = await start({ baseDir, mode: 'single' } as never);
  Object.assign(app.presence.options, { leaseMs });
  const server = app.listen(0);
  app.emit('server', server);
  await once(server, 'listening');
  process.once('SIGTERM', () => void app.close().then(() => process.exit()));
  process.send!((server.address() as AddressInfo).port);
}

void serve(process.argv[2], Number(process.argv[3]));
