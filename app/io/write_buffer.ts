import type { Socket as TcpSocket } from 'node:net';
import type { ImSocket } from '../lib/stream/socket';

type Connection = ImSocket['conn'];

/** What engine.io and ws keep to themselves: where packets that wait are written, and the connection below. */
interface Internals {
  flush: () => void;
  readonly transport: { readonly socket?: { readonly _socket?: TcpSocket | null } };
}

/** What is to be written at the end of this turn of the event loop. */
const writes = new Set<() => void>();

function writeAll(): void {
  const due = [...writes];
  writes.clear();
  for (const write of due) write();
}

/**
 * Writes what a connection is given within one turn of the event loop at the end of the turn, and in one piece: an ack and a
 * push to the same device leave in one system call, where engine.io would make one for each packet.
 *
 * Closes a connection that is given more while it still holds back `limit` characters of what it was given before: a
 * device that is slow or gone comes back and pulls. Nothing is waited for, and nobody else waits. So too when writing to it
 * fails.
 */
export function bufferWrites(connection: Connection, limit: number, onError: (error: unknown) => void): void {
  const internals = connection as unknown as Internals;
  const flush = internals.flush.bind(connection);
  let held = 0;
  const write = () => {
    const tcp = internals.transport.socket?._socket;
    tcp?.cork();
    try {
      flush();
    } catch (error) {
      // Of this connection alone: the others whose turn it is are behind it.
      onError(error);
      connection.close(true);
    }
    tcp?.uncork();
  };
  internals.flush = () => {
    if (writes.size === 0) setImmediate(writeAll);
    writes.add(write);
  };
  connection.on('packetCreate', ({ data }: { data?: string | Buffer }) => {
    if (held > limit) write();
    if (held > limit) connection.close(true);
    held += data?.length ?? 0;
  });
  // Everything has been handed to the transport, which takes nothing more until it has sent that.
  connection.on('drain', () => (held = 0));
}

/**
 * Closes a connection behind everything that it was given. Resolves when the client has closed it too: over WebSocket all of
 * that has then arrived.
 */
export async function closeWritten(connection: Connection): Promise<void> {
  const { transport } = connection as unknown as Internals;
  const tcp = transport.socket?._socket;
  const ends = tcp && !tcp.destroyed ? [connection, tcp] : [connection];
  const closed = Promise.all(ends.map(each => new Promise(resolve => each.once('close', resolve))));
  connection.close();
  await closed;
}
