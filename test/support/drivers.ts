import type { Begin, Session } from '../../app/lib/database/session';
import { beginWith } from '../../app/lib/database/sequelize';
import { app } from './service';

/** How transactions begin over each driver, by its name; to be called once the service is ready. */
export const drivers: readonly (readonly [string, () => Begin<Session>])[] = [
  ['the pool', () => app.engine.database.begin],
  ['Sequelize', () => beginWith(app.model)],
];
