import type { Session } from '../schema/user';
import { presentMe } from './me';

type Tokens = Pick<Session, 'accessToken' | 'refreshToken' | 'expiresIn'>;

/** A session that has begun or goes on: its user, its device and the tokens that show it. */
export function presentSession(user: Parameters<typeof presentMe>[0], deviceId: string, tokens: Tokens): Session {
  return { user: presentMe(user), deviceId, ...tokens };
}
