import type { Application } from 'egg';
import { Cards } from './cards';
import { serveHistory } from './history';
import { Newest } from './newest';
import type { Root } from './socket';
import { Visitor } from './visitor';

const EVENTS = ['conn', 'sendmsg', 'delmsg', 'systemadmin'];

/** Serves clients of Socket.IO 2.x in the namespace /. */
export function serveSocketIo(app: Application): void {
  const house = { app, newest: new Newest(app), cards: new Cards() };
  for (const event of EVENTS) app.olderEvents.add(event);
  const root = app.io.of('/') as unknown as Root;
  root.on('connection', socket => {
    // Clients of /im pass here, too.
    let visitor: Visitor | undefined;
    for (const event of EVENTS) {
      socket.on(event, (...args) => {
        visitor ??= new Visitor(house, socket);
        void visitor.receive(event, args);
      });
    }
  });
  serveHistory(app);
}
