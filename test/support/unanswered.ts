import { app, mm, otherProcess } from './service';

/** Until the end of the test the service takes so many messages to a stranger who has not answered. Returns its writer. */
export function limitUnanswered(unanswered: number) {
  const { writer } = otherProcess({ unanswered }).engine;
  mm(app.engine, 'writer', writer);
  return writer;
}
