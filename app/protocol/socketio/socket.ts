import type { Namespace, Socket } from 'socket.io';
import type { ServerEventPayload } from '../../schema/events';

interface ServerToClient {
  conn: (ok: readonly string[]) => void;
  broadcastingListen: (strings: readonly string[]) => void;
  'request:failed': (failed: ServerEventPayload<'request:failed'>) => void;
}

type ClientToServer = Record<string, (...args: unknown[]) => void>;

/** The namespace /, which clients of 2.x enter by themselves. */
export type Root = Namespace<ClientToServer, ServerToClient>;
export type RootSocket = Socket<ClientToServer, ServerToClient>;
