import type { Static } from '@sinclair/typebox';
import type { Namespace, Server, Socket } from 'socket.io';
import type { CallName, Data, EventCall, EventOf, WireInput } from '../../schema/calls';
import type { Failure, ServerEventName, ServerEventPayload } from '../../schema/events';
import type { OrJson } from '../../schema/json';
import type { Given } from './given';

/** What the service keeps with a connected socket. */
export interface SocketData {
  readonly userId: number;
  readonly app: string;
  readonly deviceId: string;
  readonly sessionId: string;
  /** What kind of device it is. */
  readonly platform: string;
  /** In which it is told of failures. */
  readonly locale: string;
  /** In which its times are, as they are displayed; UTC with milliseconds where it has asked for none. */
  readonly zone?: string;
  /** The furthest place of the stream that this device has been sent or told of. */
  head: number;
  /** What it was pushed and has not acknowledged. */
  readonly given: Given;
  /** Of which history it was told that this is a place. */
  epoch?: string;
  /** Requests that are not answered yet. */
  underWay: number;
}

/** How an event is answered. */
export type Ack<N extends CallName> =
  | { readonly ok: true; readonly data: Data<N>; readonly nextCursor?: string }
  | { readonly ok: false; readonly error: Static<typeof Failure> };

export type ClientToServer = {
  [N in EventCall as EventOf<N>]: (payload: WireInput<N>, ack: (answer: Ack<N>) => void) => void;
};

export type ServerToClient = { [E in ServerEventName]: (payload: OrJson<ServerEventPayload<E>>) => void };

/** What the nodes tell each other. */
export interface NodeToNode {
  /** The notices to all of a tenant have become more. */
  notice: (app: string) => void;
  /** A user has changed their card, which has this version now. */
  card: (userId: number, version: number) => void;
  /** The presence of these users has changed. */
  presence: (userIds: readonly number[]) => void;
  /** The relations of these users have changed. */
  'presence:recheck': (userIds: readonly number[]) => void;
  /** A user has come by a new connection of the protocol `socketio`, at this time: older ones end. */
  'socketio:conn': (userId: number, at: number) => void;
}

export type ImServer = Server<ClientToServer, ServerToClient, NodeToNode, SocketData>;
export type ImNamespace = Namespace<ClientToServer, ServerToClient, NodeToNode, SocketData>;
export type ImSocket = Socket<ClientToServer, ServerToClient, NodeToNode, SocketData>;
