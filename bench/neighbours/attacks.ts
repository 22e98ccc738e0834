import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { connect as dial, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import sharp from 'sharp';
import { WebSocket } from 'ws';
import { LoadClient, message } from '../client';
import { forEver, many, type Attack } from './attack';
import { olderAttacks } from './older';
import type { World } from './world';

const agent = new Agent({ keepAlive: true });

/** A REST call of the attacker, whose answer is read. */
async function call(world: World, method: string, path: string, body?: unknown, place = 0): Promise<void> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${world.tokens[place]}` };
  await send(world, method, path, headers, body === undefined ? '' : JSON.stringify(body));
}

/** From another address than that of the people. */
function send({ port }: World, method: string, path: string, headers: object, body: string | Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', localAddress: '127.0.0.2', agent, method, path: `/api/v1${path}` };
    // Node.js does not say by itself how long the body of a DELETE is.
    const sent = request({ ...options, headers: { ...headers, 'content-length': Buffer.byteLength(body) } }, answer =>
      answer.resume().on('end', resolve),
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

function upload(world: World, content: Buffer): Promise<void> {
  const head = '--x\r\ncontent-disposition: form-data; name="file"; filename="one"\r\n\r\n';
  const body = Buffer.concat([Buffer.from(head), content, Buffer.from('\r\n--x--\r\n')]);
  const headers = { 'content-type': 'multipart/form-data; boundary=x', authorization: `Bearer ${world.tokens[0]}` };
  return send(world, 'POST', '/media', headers, body);
}

const socketOf = (world: World, place = 0) =>
  LoadClient.connect(world.port, { token: world.tokens[place] }, '127.0.0.2');

const ask = (client: LoadClient, event: string, payload: object) =>
  new Promise<void>(resolve => client.request(event, payload, () => resolve()));

/** Opens a raw connection that says something and never reads. */
function deaf(port: number, words: string): Promise<void> {
  return new Promise(resolve => {
    const socket: Socket = dial({ port, host: '127.0.0.1', localAddress: '127.0.0.2' }, () => socket.write(words));
    socket.pause();
    socket.on('error', () => resolve());
    socket.on('close', () => resolve());
  });
}

/** A socket that asks for pages and reads none of them, until it is cut off. */
function deafPuller({ port, tokens: [token] }: World): Promise<void> {
  return new Promise(resolve => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`, {
      localAddress: '127.0.0.2',
    });
    socket.on('message', (frame: Buffer) => {
      const text = frame.toString();
      if (text.startsWith('0')) socket.send(`40/im,${JSON.stringify({ token })}`);
      if (!text.startsWith('40/im,')) return;
      socket.pause();
      for (const id of many(20, Number)) socket.send(`42/im,${id}["sync:pull",{"after":0,"limit":500}]`);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
  });
}

/** The attacks by the words of the table that they make a row of. */
export const attacks: Readonly<Record<string, Attack>> = {
  '60 sockets ask for pages of 15 KB messages and do not read': world =>
    Promise.all(many(60, () => forEver(() => deafPuller(world)))),

  '170 connections ask for such pages by REST and do not read': world => {
    const words = `GET /api/v1/sync?after=0&limit=500 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${world.tokens[0]}\r\n\r\n`;
    return Promise.all(many(170, () => forEver(() => deaf(world.port, words.repeat(5)))));
  },

  'one socket searches 900 times at once': async world => {
    const client = await socketOf(world);
    return Promise.all(
      many(900, () =>
        forEver(() => ask(client, 'message:search', { q: 'nowhere to be found', limit: 20 }).then(() => sleep(5))),
      ),
    );
  },

  '200 reactions at once in a group of 2,000': async world => {
    const client = await socketOf(world);
    const { crowd: conversationId } = world;
    return Promise.all(
      many(200, index =>
        forEver(async () => {
          for (const reacted of [true, false]) {
            await ask(client, 'message:react', { conversationId, seq: 1, reaction: `r${index % 20}`, reacted });
          }
          await sleep(5);
        }),
      ),
    );
  },

  'a conversation is locked, and 50 send to it': async world => {
    const { databaseUrl, pages: conversationId } = world;
    const holder = await createConnection({ uri: databaseUrl });
    await holder.query('START TRANSACTION');
    await holder.query('SELECT id FROM conversation WHERE id = ? FOR UPDATE', [conversationId]);
    const client = await socketOf(world);
    return Promise.all(
      many(50, () => forEver(() => ask(client, 'message:send', message(conversationId)).then(() => sleep(5)))),
    );
  },

  '12 sockets of one account with 800 sends each': async world => {
    const clients = await Promise.all(many(12, () => socketOf(world)));
    return Promise.all(
      clients.flatMap(client =>
        many(800, () => forEver(() => ask(client, 'message:send', message(world.quiet)).then(() => sleep(5)))),
      ),
    );
  },

  'deleting for both what is behind 200,000 unread messages': world => {
    let seq = 1;
    const remove = () =>
      call(world, 'DELETE', `/conversations/${world.unread}/messages`, { seqs: [seq++], for: 'both' });
    return Promise.all(many(20, () => forEver(remove)));
  },

  '500 invitations into a group, by 20 at once': world => {
    const memberIds = world.ids.slice(1, 501);
    const create = () => call(world, 'POST', '/groups', { name: 'Come in', memberIds });
    return Promise.all(many(20, () => forEver(create)));
  },

  '600 logins at once': world => {
    const body = () => ({ account: 'load-1', password: `guess ${randomUUID()}`, deviceId: randomUUID() });
    return Promise.all(many(600, () => forEver(() => call(world, 'POST', '/auth/login', body()).then(() => sleep(5)))));
  },

  '300 registrations at once': world => {
    const body = () => ({ account: `r${randomUUID()}`, password: 'correct horse battery', name: 'R' });
    return Promise.all(
      many(300, () => forEver(() => call(world, 'POST', '/auth/register', body()).then(() => sleep(5)))),
    );
  },

  'ten packets at once with 60,000 nested arrays': async world => {
    const client = await socketOf(world);
    const nested = many(60_000, () => []);
    const payload = { ...message(world.quiet), mentions: nested };
    return Promise.all(many(10, () => forEver(() => ask(client, 'message:send', payload).then(() => sleep(5)))));
  },

  '200 TRACE requests at once': ({ port }) => {
    const words = 'TRACE / HTTP/1.1\r\nhost: x\r\n\r\n';
    return Promise.all(many(20, () => forEver(() => deaf(port, words.repeat(10)))));
  },

  '8 uploads of 25 MB at once': world => {
    const zeros = Buffer.alloc(26_000_000);
    return Promise.all(many(8, () => forEver(() => upload(world, zeros))));
  },

  '20 pictures of 40 megapixels at once': async world => {
    const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const;
    const small = sharp({ create: { width: 500, height: 500, channels: 3, background: 'gray', noise } });
    const large = sharp(await small.png().toBuffer()).resize(8000, 5000, { kernel: 'nearest', fit: 'fill' });
    // Lying on its side: all of it has to be turned.
    const picture = await large.jpeg().withMetadata({ orientation: 6 }).toBuffer();
    // What comes after its end makes it another file.
    const another = () => Buffer.concat([picture, Buffer.from(randomUUID())]);
    return Promise.all(many(20, () => forEver(() => upload(world, another()))));
  },

  '1,000 connections on one session': world =>
    Promise.all(
      many(1000, () =>
        forEver(async () => {
          await socketOf(world);
          await sleep(1000);
        }),
      ),
    ),

  'credentials of 250 KB at the handshake': world =>
    Promise.all(
      many(50, () =>
        forEver(async () => {
          const client = await LoadClient.connect(
            world.port,
            { token: world.tokens[0], more: 'x'.repeat(250_000) },
            '127.0.0.2',
          );
          await sleep(20);
          client.close();
        }),
      ),
    ),

  ...olderAttacks,
};
