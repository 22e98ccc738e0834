import { createHmac, createSecretKey, hkdfSync, randomBytes, timingSafeEqual, type KeyObject } from 'node:crypto';
import { AppError } from '../../schema/errors';
import { pathOfMedia } from './names';

/** Characters of a signature, 128 bits: nobody finds one by trying. */
const SIGNATURE = 22;

/** What an address says beside its path. */
export interface Signed {
  /** Whose medium it is: `<conversationId>.<seq>` of the message that names it; absent where its uploader is told of it. */
  readonly in?: string;
  /** Until when it is good, in seconds since 1970. */
  readonly until?: string;
  readonly sign?: string;
}

/** Makes and checks the addresses at which media are read for a while, the same ones at every node with the same secret. */
export class MediaAddresses {
  private readonly key: KeyObject;

  /** @param seconds for which an address is good at least, and half as long again at most: until then it stays the same */
  constructor(
    secret: string,
    private readonly seconds: number,
    private readonly now: () => number = Date.now,
  ) {
    this.key = createSecretKey(new Uint8Array(hkdfSync('sha256', secret, '', 'addresses of media', 32)));
  }

  /** The address of a medium and that of its small picture; `place` as `in` of `Signed`. */
  of(id: string, place?: string): { readonly url: string; readonly thumbnailUrl: string } {
    const step = Math.ceil(this.seconds / 2);
    const until = String((Math.floor(this.now() / 1000 / step) + 3) * step);
    const query = `${place ? `in=${place}&` : ''}until=${until}&sign=${this.sign(id, until, place)}`;
    return { url: `${pathOfMedia(id)}?${query}`, thumbnailUrl: `${pathOfMedia(id)}/thumbnail?${query}` };
  }

  /** Returns for how many seconds more the address is good. Throws NOT_FOUND, as for a medium that is not there, and ADDRESS_EXPIRED. */
  verify(id: string, { in: place, until = '', sign = '' }: Signed): number {
    const [given, right] = [sign, this.sign(id, until, place)].map(each => Buffer.from(each));
    if (given.length !== right.length || !timingSafeEqual(given, right)) throw new AppError('NOT_FOUND');
    const left = Number(until) - Math.floor(this.now() / 1000);
    if (left <= 0) throw new AppError('ADDRESS_EXPIRED');
    return left;
  }

  private sign(id: string, until: string, place = ''): string {
    const mac = createHmac('sha256', this.key).update(`${id}\n${place}\n${until}`);
    return mac.digest('base64url').slice(0, SIGNATURE);
  }
}

let current = new MediaAddresses(randomBytes(32).toString('hex'), 3600);

/** Those of this process: whatever message leaves it is given addresses, wherever it was made. */
export function mediaAddresses(): MediaAddresses {
  return current;
}

/** Has all addresses of this process made so from now on. */
export function makeAddressesBy(addresses: MediaAddresses): void {
  current = addresses;
}
