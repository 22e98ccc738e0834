import { createHash, timingSafeEqual } from 'node:crypto';

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Whether what is given is the secret, compared in constant time; nothing is when there is none. */
export function isSecret(given: unknown, secret: string): boolean {
  return secret !== '' && typeof given === 'string' && timingSafeEqual(digest(given), digest(secret));
}
