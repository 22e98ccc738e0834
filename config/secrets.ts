/** Written here for everybody to read, and so good for nothing but a developer's machine and the tests. */
export const DEVELOPMENT_SECRET = 'egg-im-development-only-secret-0123456789';
export const UNITTEST_SECRET = 'egg-im-unittest-only-secret-0123456789';

/** Whether somebody may know a credential, or guess it: it is short, one of those above, or made of a few letters. */
export function isWeak(secret: string): boolean {
  return secret.length < 32 || new Set(secret).size < 8 || [DEVELOPMENT_SECRET, UNITTEST_SECRET].includes(secret);
}
