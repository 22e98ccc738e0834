import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { forEver, many, type Attack } from './attack';
import type { World } from './world';

/* Attackers who come as clients of older protocols. */

const dial = ({ port }: World, path: string) =>
  new WebSocket(`ws://127.0.0.1:${port}${path}`, { localAddress: '127.0.0.2', perMessageDeflate: false });

/** Resolves when the socket is closed. */
const closed = (socket: WebSocket) =>
  new Promise<void>(resolve => socket.on('error', () => undefined).on('close', () => resolve()));

/** A page of a mini-program that asks for rows and reads none, until it is cut off. */
function deafPage(world: World): Promise<void> {
  const [userphone, friendphone] = world.ids.map(id => `load-${id}`);
  const query = new URLSearchParams({ userphone, friendphone, app_sid: 'default', token: world.tokens[0] });
  const socket = dial(world, `/chat/v1/message?${query.toString()}`);
  socket.once('message', () => {
    socket.pause();
    for (const before of many(50, at => 400 + at)) socket.send(JSON.stringify({ before }));
  });
  return closed(socket);
}

/**
 * A socket of Socket.IO that, once it is let in, sends so many events again and again, each time when all are answered, be it by an
 * ack or by `request:failed`.
 */
function flood(world: World, door: Door, events: () => string[]): Promise<void> {
  const { eio, namespace, hello, isIn } = door;
  const socket = dial(world, `/socket.io/?EIO=${eio}&transport=websocket`);
  let waiting = 0;
  const send = () => {
    const made = events();
    waiting = made.length;
    for (const [at, event] of made.entries()) socket.send(`42${namespace}${at}${event}`);
  };
  socket.on('message', (frame: Buffer) => {
    const text = frame.toString();
    if (text === '2') socket.send('3');
    else if (text.startsWith('0') && hello) socket.send(hello);
    else if (text.startsWith(isIn)) send();
    else if (text.startsWith(`43${namespace}`) && --waiting === 0) setTimeout(send, 5);
  });
  return closed(socket);
}

interface Door {
  readonly eio: 3 | 4;
  readonly namespace: string;
  readonly hello?: string;
  /** How the packet begins that lets it in. */
  readonly isIn: string;
}

const atRoot: Door = { eio: 3, namespace: '', isIn: '40' };
/** In the namespace /, once `conn` is answered. */
const entered = ({ ids: [uid], tokens: [token] }: World): Door => ({
  ...atRoot,
  hello: `42${JSON.stringify(['conn', { uid, token }])}`,
  isIn: '42["conn"',
});
const atWs = ({ tokens: [token] }: World): Door => ({
  eio: 4,
  namespace: '/ws,',
  hello: `40/ws,${JSON.stringify({ token })}`,
  isIn: '40/ws,',
});

const sendmsg = ({ ids }: World) => JSON.stringify(['sendmsg', { uid: ids[3], msg: 'hello', extra: '' }]);
const junk = () => JSON.stringify(['junk', randomUUID()]);
const wsMessage = ({ quiet: conversationId }: World) =>
  JSON.stringify(['message', { participants: [], message: { body: 'hello', conversationId } }]);

/** Each of so many sockets is made anew when it ends. */
const sockets = (howMany: number, open: () => Promise<void>) =>
  Promise.all(many(howMany, () => forEver(() => open().then(() => sleep(50)))));

export const olderAttacks: Readonly<Record<string, Attack>> = {
  '60 pages of mini-programs ask for rows of 15 KB and do not read': world => sockets(60, () => deafPage(world)),

  'a 2.x client at / with 400 sendmsg and 400 junk events': world =>
    sockets(1, () => flood(world, entered(world), () => many(800, at => (at % 2 ? junk() : sendmsg(world))))),

  '150 strangers at / with 1,000 junk events each': world =>
    sockets(150, () => flood(world, atRoot, () => many(1000, junk))),

  '12 sockets at /ws with 800 sends each': world =>
    sockets(12, () => flood(world, atWs(world), () => many(800, () => wsMessage(world)))),

  '12 sockets at /ws with 1,000 junk events each': world =>
    sockets(12, () => flood(world, atWs(world), () => many(1000, junk))),
};
