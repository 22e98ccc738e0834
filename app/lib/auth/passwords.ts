import { hash, verify } from '@node-rs/argon2';
import { compare } from 'bcrypt';
import { availableParallelism } from 'node:os';
import { JobQueue } from '../queue/job_queue';

/** Hashes that may wait, so that the last of them is not waited for longer than a caller does; and those of one address. */
const LIMIT = 256;
const SHARE = 128;
/** Hashes at once: a hash takes a core for some 20 ms, and one of the four threads on which files are read, too. */
const AT_ONCE = Math.min(2, Math.max(1, Math.floor(availableParallelism() / 2)));

/** Of no password: what an unknown account is checked against, so that it takes as long as a wrong password. */
const nobody = hash('no account has this password');

/** Hashes passwords, a few at once. Those who come from one address do not make others wait, whatever accounts they name. */
export class Passwords {
  private readonly queue = new JobQueue({ atOnce: AT_ONCE, limit: LIMIT, share: SHARE });

  /** Throws BUSY. */
  hash(address: string, password: string): Promise<string> {
    return this.queue.run(address, () => hash(password));
  }

  /** Whether the password is that of the hash; without a hash it is not. Throws BUSY. */
  verify(address: string, passwordHash: string | undefined, password: string): Promise<boolean> {
    if (isBcrypt(passwordHash)) return this.queue.run(address, () => compare(password, passwordHash ?? ''));
    return this.queue.run(address, async () => verify(passwordHash ?? (await nobody), password));
  }
}

/** A hash that another system has made, and that was imported. */
export function isBcrypt(passwordHash: string | undefined): boolean {
  return passwordHash?.startsWith('$2') ?? false;
}
