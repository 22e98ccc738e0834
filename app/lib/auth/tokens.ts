import { createSecretKey, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { Actor } from './actor';
import { AppError } from '../../schema/errors';

export interface TokenOptions {
  readonly secret: string;
  /** seconds */
  readonly accessTtl: number;
  /** seconds */
  readonly refreshTtl: number;
}

type Kind = 'access' | 'refresh';

interface Claims {
  readonly app: string;
  readonly sub: string;
  readonly did: string;
  readonly sid: string;
  readonly jti?: string;
}

/**
 * Signs and verifies the tokens of sessions. A token says who and which session; whether that session still lives, the
 * device table says.
 */
export class Tokens {
  /** Made once: of a text the library would first try to read a public key, with each token. */
  private readonly key: KeyObject;

  constructor(private readonly options: TokenOptions) {
    this.key = createSecretKey(options.secret, 'utf8');
  }

  issue(actor: Actor, refreshId: string): { accessToken: string; refreshToken: string; expiresIn: number } {
    const { accessTtl, refreshTtl } = this.options;
    return {
      accessToken: this.sign('access', actor, accessTtl),
      refreshToken: this.sign('refresh', actor, refreshTtl, refreshId),
      expiresIn: accessTtl,
    };
  }

  /** Throws TOKEN_EXPIRED, UNAUTHENTICATED. `refreshId` is of a refresh token. */
  verify(kind: Kind, token: string): Actor & { readonly refreshId?: string } {
    try {
      // Named, because a token must not choose the algorithm it is checked with.
      const claims = jwt.verify(token, this.key, {
        algorithms: ['HS256'],
        audience: kind,
      }) as Claims;
      return {
        app: claims.app,
        userId: Number(claims.sub),
        deviceId: claims.did,
        sessionId: claims.sid,
        refreshId: claims.jti,
      };
    } catch (error) {
      throw new AppError(error instanceof jwt.TokenExpiredError ? 'TOKEN_EXPIRED' : 'UNAUTHENTICATED');
    }
  }

  private sign(kind: Kind, { app, userId, deviceId, sessionId }: Actor, expiresIn: number, jwtid?: string): string {
    return jwt.sign({ app, did: deviceId, sid: sessionId }, this.key, {
      algorithm: 'HS256',
      audience: kind,
      subject: String(userId),
      expiresIn,
      ...(jwtid && { jwtid }),
    });
  }
}
