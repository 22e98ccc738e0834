import type { Application } from 'egg';
import type { Socket } from 'socket.io';
import type { WebSocket } from 'ws';
import type { Outside } from '../io/local_connection';

/** What a client of Socket.IO in another namespace than /im comes to that by. */
export function outsideOf(app: Application, { request, conn }: Pick<Socket, 'request' | 'conn'>): Outside {
  return {
    request,
    delivery: app.connections.deliveryOf(conn),
    // A client who polls may change to a WebSocket later.
    get socket() {
      return (conn.transport as { readonly socket?: WebSocket }).socket;
    },
  };
}
