/** The connection of this device, and its place in the stream of the user. */
import { io } from '/socket.io/socket.io.esm.min.js';
import { deviceId, Failure, noAnswer, refresh, session } from './api.mjs';

const ANSWER_MS = 8000;
const AGAIN_MS = 1000;
const ACK_MS = 1000;
/** How long a pushed entry that came too early waits for the one before it. */
const REORDER_MS = 200;

/**
 * @typedef {object} Hooks what the page does when something happens
 * @property {() => Promise<void>} load begins anew with what REST has
 * @property {(entry: object) => Promise<void>} take the next entry of the stream
 * @property {(count: number) => void} caughtUp so many entries were pulled
 * @property {() => void} changed of `state` or `cursor`
 * @property {() => void} connected
 * @property {(why: Error | string) => void} ended a failure, or the reason of session:closed: nothing more comes
 */

export class Sync {
  /** @type {'connecting' | 'connected' | 'offline'} */
  state = 'connecting';
  /** `syncSeq` of the last entry that was taken; null until all is loaded. */
  cursor = null;
  /** The history that the cursor is a place of. */
  #epoch;
  #head = 0;
  #acked = 0;
  #early = new Map();
  #work = Promise.resolve();
  #ackTimer;

  /** @param {Hooks} hooks */
  constructor(hooks) {
    this.hooks = hooks;
    this.socket = io('/im', {
      // A function, so that every attempt shows the newest token.
      auth: give => give({ token: session()?.accessToken, deviceId, lang: navigator.language }),
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      reconnectionDelayMax: 3000,
      forceNew: true,
    });
    this.socket.on('connect', () => this.#connected());
    this.socket.on('disconnect', reason => this.#disconnected(reason));
    this.socket.on('connect_error', error => this.#refused(error));
    this.socket.on('session:closed', ({ reason }) => this.#end(reason));
    this.socket.on('sync:head', told => this.#enqueue(() => this.#told(told)));
    this.socket.on('sync:push', ({ entries }) => this.#enqueue(() => this.#pushed(entries)));
  }

  offline() {
    this.#become('offline');
    this.socket.disconnect();
  }

  online() {
    this.#become('connecting');
    this.socket.connect();
  }

  /** Sends an event and resolves with the data of its ack. Throws Failure, a retryable one when no answer comes. */
  async request(event, payload) {
    // Not left to the socket's own buffer: it would send later what has been given up here.
    if (!this.socket.connected) throw noAnswer();
    const answer = await this.socket
      .timeout(ANSWER_MS)
      .emitWithAck(event, payload)
      .catch(() => Promise.reject(noAnswer()));
    if (!answer.ok) throw new Failure(answer.error);
    return answer.data;
  }

  /** The stream is said to stand here. Resolves once this device does. */
  reach(head) {
    this.#head = Math.max(this.#head, head);
    return this.#enqueue(() => this.#catchUp());
  }

  /** A place that is not this device's may also be before it: then the stream was set back, which a pull says for certain. */
  #told({ head, epoch }) {
    if (epoch !== this.#epoch) this.#anew(head, epoch);
    this.#head = head < this.cursor ? Infinity : Math.max(this.#head, head);
    return this.#catchUp();
  }

  #anew(head, epoch) {
    this.cursor = null;
    this.#acked = 0;
    this.#early.clear();
    this.#head = head;
    this.#epoch = epoch;
  }

  async #pushed(entries) {
    await this.apply(entries);
    if (this.#early.size > 0) setTimeout(() => this.#enqueue(() => this.#catchUp()), REORDER_MS);
  }

  async #catchUp() {
    if (this.cursor === null) {
      const head = this.#head;
      // What comes after `head` is taken on top of what is loaded, which may hold some of it already.
      await this.hooks.load();
      this.cursor = head;
      await this.apply([]);
    }
    const from = this.cursor;
    while (this.cursor < this.#head) {
      const { entries, head, epoch, resync } = await this.request('sync:pull', { after: this.cursor });
      if (resync || epoch !== this.#epoch) {
        this.#anew(head, epoch);
        return this.#catchUp();
      }
      this.#head = Math.max(head, ...this.#early.keys());
      await this.apply(entries);
    }
    if (this.cursor > from) this.hooks.caughtUp(this.cursor - from);
  }

  /** Entries of a push and of a pull alike: the next is taken, a known one dropped, an early one kept. */
  async apply(entries) {
    for (const entry of entries) {
      this.#early.set(entry.syncSeq, entry);
      this.#head = Math.max(this.#head, entry.syncSeq);
    }
    if (this.cursor === null) return;
    for (let next; (next = this.#early.get(this.cursor + 1)); this.cursor++) await this.hooks.take(next);
    for (const syncSeq of this.#early.keys()) if (syncSeq <= this.cursor) this.#early.delete(syncSeq);
    this.#ackSoon();
    this.hooks.changed();
  }

  /** One thing after the other: what is pushed while a page is under way waits for it. */
  #enqueue(step) {
    this.#work = this.#work.then(step).catch(error => {
      if (error.endsSession) this.#end(error);
      // Without a connection nothing has to be done: the next one begins with sync:head.
      else if (this.socket.connected) setTimeout(() => this.reach(0), AGAIN_MS);
    });
    return this.#work;
  }

  #ackSoon() {
    this.#ackTimer ??= setTimeout(() => {
      this.#ackTimer = undefined;
      const syncSeq = this.cursor;
      if (!this.socket.connected || syncSeq <= this.#acked) return;
      this.request('sync:ack', { syncSeq }).then(
        ({ resync }) => {
          this.#acked = syncSeq;
          if (resync) this.reach(Infinity);
        },
        () => this.#ackSoon(),
      );
    }, ACK_MS);
  }

  #connected() {
    this.#become('connected');
    this.#ackSoon();
    this.hooks.connected();
  }

  #disconnected(reason) {
    if (this.state !== 'offline') this.#become('connecting');
    // A server that stops says goodbye, after which the client does not come back by itself.
    if (reason === 'io server disconnect') this.#again();
  }

  async #refused(error) {
    // The network's trouble, not the server's refusal: the client tries again by itself.
    if (this.socket.active) return;
    let failure = error.data ? new Failure(error.data) : noAnswer();
    if (failure.code === 'TOKEN_EXPIRED') {
      failure = await refresh().then(
        () => undefined,
        refusal => refusal,
      );
      if (this.state !== 'connecting') return;
      if (!failure) return this.socket.connect();
    }
    if (failure.retryable) this.#again();
    else this.#end(failure);
  }

  #again() {
    setTimeout(() => this.state === 'connecting' && this.socket.connect(), AGAIN_MS * (1 + Math.random()));
  }

  #end(why) {
    if (this.state !== 'offline') this.hooks.ended(why);
  }

  #become(state) {
    this.state = state;
    this.hooks.changed();
  }
}
