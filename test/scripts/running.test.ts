import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

// A module, which a test can not load otherwise.
const refuseSecond = async (title: string, port: number) =>
  (await import('../../scripts/system/running.mjs')).refuseSecond(title, port);

describe('a second start', () => {
  it('is refused while the port is taken, and not when it is free', async () => {
    const server = createServer().listen(0);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await assert.rejects(refuseSecond('nobody', port), new RegExp(`Port ${port} is taken`));
    server.close();
    await once(server, 'close');
    await refuseSecond('nobody', port);
  });

  it('is refused while a service of its name runs, whatever its port', async () => {
    const title = `egg-im-${process.pid}`;
    // What is seen of a master from outside is its command line.
    const idle = ['--eval', 'setInterval(() => {}, 1000); console.log(1)', 'start-cluster', JSON.stringify({ title })];
    const master = spawn(process.execPath, idle, { env: { ...process.env, NODE_OPTIONS: '' } });
    await once(master.stdout, 'data');
    await assert.rejects(refuseSecond(title, 0), new RegExp(`running already \\(pid ${master.pid}\\)`));
    master.kill();
    await once(master, 'exit');
    await refuseSecond(title, 0);
  });
});
