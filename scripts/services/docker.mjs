import { execa } from 'execa';
import { createHash } from 'node:crypto';
import { run } from '../system/command.mjs';
import { local } from '../system/paths.mjs';
import { freePort } from '../system/port.mjs';
import { begin } from '../system/progress.mjs';
import { Server } from './server.mjs';

export async function dockerWorks() {
  const { failed } = await execa('docker', ['info'], { timeout: 10_000, reject: false });
  return !failed;
}

/**
 * A container in the foreground of its client: ending the client ends the container. Its data stays in a volume.
 * @param {{ service: 'mysql' | 'redis', image: string, inner: number, volume: string, env?: string[], args: string[], user: string }} image
 *   `inner`: the port inside; `volume`: where the image keeps its data; `user`: the URL's user part, such as `root@`
 * @param {{ dir: string, signal?: AbortSignal }} options
 */
export async function startContainer({ service, image, inner, volume, env = [], args, user }, { dir, signal }) {
  begin(`fetching ${image} and starting it with Docker`);
  await run('docker', ['pull', image], { log: local('logs', 'docker.log'), append: true, signal });
  const container = `egg-im-${service}-${createHash('sha256').update(dir).digest('hex').slice(0, 8)}`;
  const port = await freePort();
  const server = new Server({
    service,
    label: `${image} in Docker`,
    dir,
    command: 'docker',
    args: [
      ...[
        'run',
        '--rm',
        '--name',
        container,
        '--publish',
        `127.0.0.1:${port}:${inner}`,
        '--volume',
        `${container}:${volume}`,
      ],
      ...env.flatMap(pair => ['--env', pair]),
      image,
      ...args,
    ],
    port,
    url: `${service}://${user}127.0.0.1:${port}`,
    container,
  });
  return server.start(signal);
}

export const MYSQL_IMAGE = {
  service: 'mysql',
  image: 'mysql:8',
  inner: 3306,
  volume: '/var/lib/mysql',
  env: ['MYSQL_ALLOW_EMPTY_PASSWORD=yes'],
  args: ['--skip-log-bin', '--character-set-server=utf8mb4', '--collation-server=utf8mb4_unicode_ci'],
  user: 'root@',
};

export const REDIS_IMAGE = {
  service: 'redis',
  image: 'redis:7',
  inner: 6379,
  volume: '/data',
  args: ['--save', '', '--appendonly', 'no'],
  user: '',
};
