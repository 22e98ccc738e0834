/** REST calls, and the session of this tab. */
import { words } from './words.mjs';

/** A refusal by the server: `code` is stable, the message is in the reader's language. */
export class Failure extends Error {
  constructor({ code, message, retryable }) {
    super(message);
    Object.assign(this, { code, retryable });
  }

  /** Only a new login helps. */
  get endsSession() {
    return ['UNAUTHENTICATED', 'TOKEN_EXPIRED', 'SESSION_CLOSED'].includes(this.code);
  }
}

export const noAnswer = () => new Failure({ code: 'UNAVAILABLE', message: words.noAnswer, retryable: true });

/** By hand, because crypto.randomUUID exists on localhost and HTTPS alone. */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

// sessionStorage, because each tab is a device of its own: two tabs can be two people.
export const deviceId = (sessionStorage.deviceId ??= uuid());

/** What logging in has answered, or null. */
export function session() {
  return JSON.parse(sessionStorage.getItem('session'));
}

export function forget() {
  sessionStorage.removeItem('session');
}

function keep({ data }) {
  sessionStorage.setItem('session', JSON.stringify(data));
}

export async function login(account, password) {
  keep(await send('POST', '/auth/login', { account, password, deviceId, platform: 'web' }));
}

let refreshing;

/** Once for all who ask meanwhile. */
export function refresh() {
  const { refreshToken } = session();
  refreshing ??= send('POST', '/auth/refresh', { refreshToken, deviceId })
    .then(keep)
    .finally(() => (refreshing = undefined));
  return refreshing;
}

/** A call with the token of the session. Resolves with `{ data, nextCursor? }`, throws Failure. */
export async function call(method, path, body) {
  try {
    return await send(method, path, body, session()?.accessToken);
  } catch (error) {
    if (error.code !== 'TOKEN_EXPIRED') throw error;
    await refresh();
    return send(method, path, body, session().accessToken);
  }
}

async function send(method, path, body, token) {
  // A form says by itself what it is.
  const isForm = body instanceof FormData;
  const headers = {
    ...(body && !isForm && { 'content-type': 'application/json' }),
    ...(token && { authorization: `Bearer ${token}` }),
  };
  const answer = await fetch(`/api/v1${path}`, { method, headers, body: isForm ? body : body && JSON.stringify(body) })
    .then(response => response.json())
    .catch(() => Promise.reject(noAnswer()));
  if (answer.error) throw new Failure(answer.error);
  return answer;
}
