import assert from 'node:assert/strict';
import { once } from 'node:events';
import { LocalConnection } from '../../app/io/local_connection';
import type { ImSocket } from '../../app/lib/stream/socket';
import { LocalClient, type Credentials } from '../../app/protocol/local_client';
import { outsideOf } from '../../app/protocol/outside';
import type { Person } from './person';
import { app, mm, socketOf } from './service';

const open = new Set<LocalClient>();

afterEach(() => {
  for (const client of open) client.close();
  open.clear();
});

/** By what a connection of somebody's has come. */
export async function outsideFor(someone: Person) {
  await someone.connect();
  return outsideOf(app, socketOf(someone));
}

/** A client within this process, as an adapter has one. Throws Refused. */
export async function localClient(someone: Person, credentials: Credentials = {}): Promise<LocalClient> {
  const outside = await outsideFor(someone);
  const client = await LocalClient.connect(app, outside, { token: someone.session.accessToken, ...credentials });
  open.add(client);
  return client;
}

/** The server's ends of somebody's clients within this process. */
export function localSocketsOf({ id }: Person): ImSocket[] {
  const { sockets } = app.io.of('/im');
  return [...sockets.values()].filter(({ conn, data }) => isLocal(conn) && data.userId === Number(id));
}

function isLocal(connection: object): boolean {
  return connection instanceof LocalConnection;
}

type Write = (packet: string) => void;

/** Has the test decide what becomes of each packet of this event that a client within this process is sent. */
export function intercept(someone: Person, event: string, decide: (packet: string, pass: Write) => void): void {
  const conn: object = localSocketsOf(someone)[0].conn;
  assert.ok(conn instanceof LocalConnection);
  const pass = conn.write.bind(conn);
  mm(conn, 'write', (packet: string) => (packet.includes(`["${event}"`) ? decide(packet, pass) : pass(packet)));
}

/** Resolves when `look` finds something, looking again whenever `wakes` says `told`. */
export async function until<T>(wakes: NodeJS.EventEmitter, look: () => T | undefined, patience = 5000): Promise<T> {
  const signal = AbortSignal.timeout(patience);
  for (;;) {
    const seen = look();
    if (seen !== undefined) return seen;
    await once(wakes, 'told', { signal });
  }
}
