import type { Context } from 'egg';
import type { Actor } from '../lib/auth/actor';
import { isSecret } from '../lib/auth/secret';
import { networkOf } from '../lib/limit/address';
import type { ImSocket } from '../lib/stream/socket';
import { AppError } from '../schema/errors';

const ACTOR = Symbol('egg-im#actor');

/** The files of config/locale, by the language they are in. */
const LOCALES = new Map([
  ['en', 'en-us'],
  ['zh', 'zh-cn'],
]);
const ENGLISH = 'en-us';

interface Extension {
  actor: Actor;
  readonly address: string;
  readonly bearer: string | undefined;
  readonly isAdmin: boolean;
  localeFor(lang?: string): string;
}

/** Added to Egg's context. */
const extension: Extension & ThisType<Context & { [ACTOR]?: Actor }> = {
  /** Who is calling. Throws UNAUTHENTICATED where nobody has logged in. */
  get actor() {
    const { [ACTOR]: actor } = this;
    if (!actor) throw new AppError('UNAUTHENTICATED');
    return actor;
  },

  set actor(actor) {
    this[ACTOR] = actor;
  },

  /**
   * Where the caller is, as the limits count it: of the connection's peer, or of whom the proxies say that they serve when
   * the settings say how many there are.
   */
  get address() {
    return networkOf(this.ip) ?? networkOf(this.req.socket.remoteAddress) ?? '';
  },

  /** The token that a request shows. */
  get bearer() {
    return /^Bearer (\S+)$/i.exec(this.get('authorization'))?.[1];
  },

  /** Whether a request shows the admin token, compared in constant time. */
  get isAdmin() {
    return isSecret(this.bearer, this.app.config.im.adminToken);
  },

  /**
   * The file of config/locale with the sentences for this caller: in the language that `lang` names, else in the first of
   * the header Accept-Language that there is, else in English.
   */
  localeFor(lang = '') {
    const wanted = [lang, ...this.acceptsLanguages()].map(each => /^[a-z]+/i.exec(each)?.[0].toLowerCase() ?? '');
    return wanted.map(each => LOCALES.get(each)).find(each => each !== undefined) ?? ENGLISH;
  },
};

export default extension;

declare module 'egg' {
  interface Context extends Extension {
    socket: ImSocket;
    /** What an event was sent with, but its ack; absent in a REST call. */
    args?: readonly unknown[];
  }

  /** Egg makes `any` of what a service, a model or a controller is not: then a name that does not exist would compile. */
  interface IService {
    [name: string]: unknown;
  }
  interface IModel {
    [name: string]: unknown;
  }
  interface IController {
    [name: string]: unknown;
  }
}
