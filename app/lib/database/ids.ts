import { randomBytes, randomInt } from 'node:crypto';

const EPOCH = Date.UTC(2025, 0, 1);

/**
 * A new id: milliseconds since 2025 in the upper 41 bits, 12 random bits below. It fits a JavaScript number, and new
 * rows go to the end of the index. Two in the same millisecond may be equal: the caller's INSERT finds out and asks again.
 */
export function newId(): number {
  return (Date.now() - EPOCH) * 4096 + randomInt(4096);
}

/** 128 random bits as 22 characters: names a session or a refresh token, and can not be guessed. */
export function newSecretId(): string {
  return randomBytes(16).toString('base64url');
}
