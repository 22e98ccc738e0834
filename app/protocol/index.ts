import type { Application } from 'egg';
import { serveSocketIo } from './socketio/serve';
import { serveWebSocket } from './websocket/serve';
import { serveWs } from './ws/serve';

/** The protocols of older clients, by the names of the setting IM_PROTOCOLS. */
const protocols: Readonly<Record<string, (app: Application) => void>> = {
  socketio: serveSocketIo,
  websocket: serveWebSocket,
  ws: serveWs,
};

/** Serves those that the settings name. */
export function serveProtocols(app: Application): void {
  for (const [name, serve] of Object.entries(protocols)) {
    if (app.config.im.protocols.some(each => each === name)) serve(app);
  }
}
