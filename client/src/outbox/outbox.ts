import { asImError, ImError } from '../error.js';
import type { Inputs, Message, SentMessage } from '../protocol.js';
import type { ChangeSet } from '../store/changes.js';
import type { Reading, Writing } from '../store/store.js';
import { jittered, Pause } from '../time.js';
import { uuid } from '../uuid.js';
import type { Attachment, Draft, OutboxItem } from './item.js';
import { arrived, itemOf, laneOf, noteItem, putItem } from './rows.js';

export interface OutboxOptions {
  /** Runs `work` while no other tab that shares the store runs that of the same lane. */
  alone(lane: string, work: () => Promise<void>): Promise<void>;
  read<T>(work: (t: Reading) => Promise<T>): Promise<T>;
  write<T>(work: (t: Writing, changes: ChangeSet) => Promise<T>): Promise<T>;
  isOnline(): boolean;
  send(input: Inputs['message.send']): Promise<SentMessage>;
  /** Uploads what is attached; `keep` is told where it goes on. Resolves with the id of the medium. */
  upload(item: OutboxItem, attachment: Attachment, keep: (uploadUrl: string) => Promise<void>): Promise<string>;
  /** Told of what will not be sent. */
  discarded(item: OutboxItem): void;
  log(event: string, about: unknown): void;
}

/** Refusals of the session, not of the message: it waits for the next one. */
const ENDED: ReadonlySet<string> = new Set(['UNAUTHENTICATED', 'TOKEN_EXPIRED', 'SESSION_CLOSED', 'LOGGED_OUT']);
const AGAIN_MS = 1000;
const AGAIN_MAX_MS = 30_000;

interface Waiter {
  readonly item: OutboxItem;
  resolve(message: Message): void;
  reject(error: ImError): void;
}

/**
 * Messages that are to be sent: stored before anything else, and sent in order, those to a receiver one after the other. However
 * often one is sent, by its id the server stores it once.
 */
export class Outbox {
  readonly #waiters = new Map<string, Waiter>();
  /** Those that are being sent from here. */
  readonly #sending = new Set<string>();
  readonly #pause = new Pause();
  /**
   * Those that are being sent: what waits in one keeps no other waiting. True: something was added meanwhile, maybe behind the last
   * look.
   */
  readonly #lanes = new Map<string, boolean>();
  #isEnded = false;

  constructor(private readonly options: OutboxOptions) {}

  /** Stores a message, and sends it as soon as that can be. Resolves when it is stored here. */
  async add(draft: Draft): Promise<OutboxItem> {
    const item = await this.#store(draft);
    this.run();
    return item;
  }

  /** The same, but resolves with the message that the server has stored. Rejects when it was refused or discarded. */
  async send(draft: Draft): Promise<Message> {
    const item = await this.#store(draft);
    const settled = new Promise<Message>((resolve, reject) =>
      this.#waiters.set(item.clientMsgId, { item, resolve, reject }),
    );
    this.run();
    return settled;
  }

  /** Sends a message again that was refused. */
  async retry(clientMsgId: string): Promise<void> {
    await this.#change(clientMsgId, 'failed', ({ error, ...item }) => ({
      ...item,
      // Under the id that another message has it would be refused for ever.
      ...(error?.code === 'CONFLICT' && { clientMsgId: uuid() }),
      state: 'waiting',
    }));
    this.run();
  }

  /** Takes a message out that is not sent yet. */
  async discard(clientMsgId: string): Promise<void> {
    const discarded = await this.options.write(async (t, changes) => {
      const item = await itemOf(t, clientMsgId);
      if (!item || item.state === 'sent') return undefined;
      await t.remove('outbox', [item.order]);
      noteItem(changes, item);
      return item;
    });
    if (discarded) this.options.discarded(discarded);
    this.#settle(clientMsgId, new ImError('CANCELLED'));
  }

  /** There is a connection: what has waited for the server need not wait any longer. */
  online(): void {
    this.#pause.wake();
    this.run();
  }

  /** Sends what waits. */
  run(): void {
    void this.#runLanes().catch((error: unknown) => this.options.log('outbox', error));
  }

  /** Tells those who wait for messages what has become of them in another tab. */
  async check(): Promise<void> {
    for (const [clientMsgId, { item }] of [...this.#waiters]) {
      const outcome = await this.options.read(async t => {
        const now = await itemOf(t, clientMsgId);
        if (now?.error) return new ImError(now.error.code, now.error.message);
        if (now) return now.message;
        return (await arrived(t, item)) ?? (this.#sending.has(clientMsgId) ? undefined : new ImError('CANCELLED'));
      });
      if (outcome) this.#settle(clientMsgId, outcome);
    }
  }

  end(): void {
    this.#isEnded = true;
    this.#pause.wake();
    for (const clientMsgId of [...this.#waiters.keys()]) this.#settle(clientMsgId, new ImError('CANCELLED'));
  }

  #store(draft: Draft): Promise<OutboxItem> {
    return this.options.write(async (t, changes) => {
      const [last] = await t.list('outbox', { reverse: true, limit: 1 });
      const item: OutboxItem = {
        ...draft,
        order: (last?.order ?? 0) + 1,
        lane: await laneOf(t, draft),
        clientMsgId: uuid(),
        createdAt: new Date().toISOString(),
        state: 'waiting',
      };
      await putItem(t, changes, item);
      return item;
    });
  }

  #settle(clientMsgId: string, outcome: Message | ImError): void {
    const waiter = this.#waiters.get(clientMsgId);
    this.#waiters.delete(clientMsgId);
    if (outcome instanceof ImError) waiter?.reject(outcome);
    else waiter?.resolve(outcome);
  }

  async #runLanes(): Promise<void> {
    const items = await this.options.read(t => t.list('outbox'));
    for (const lane of new Set(items.filter(each => each.state === 'waiting').map(each => each.lane))) {
      if (this.#lanes.has(lane)) this.#lanes.set(lane, true);
      else void this.#start(lane);
    }
  }

  async #start(lane: string): Promise<void> {
    this.#lanes.set(lane, false);
    try {
      await this.options.alone(lane, () => this.#drain(lane));
    } catch (error) {
      this.options.log('outbox', error);
    }
    const isMissed = this.#lanes.get(lane);
    this.#lanes.delete(lane);
    // Without a connection the next one begins.
    if (isMissed && this.options.isOnline() && !this.#isEnded) void this.#start(lane);
  }

  async #drain(lane: string): Promise<void> {
    for (let wait = AGAIN_MS; this.options.isOnline() && !this.#isEnded;) {
      const items = await this.options.read(t => t.list('outbox'));
      const item = items.find(each => each.state === 'waiting' && each.lane === lane);
      if (!item) return;
      const error = await this.#deliver(item);
      if (error) await this.#pause.sleep(error.retryAfterMs ?? jittered(wait));
      wait = error ? Math.min(wait * 2, AGAIN_MAX_MS) : AGAIN_MS;
    }
  }

  /** Sends one message, once. Resolves with what it has to wait for. */
  async #deliver(item: OutboxItem): Promise<ImError | undefined> {
    const { clientMsgId } = item;
    this.#sending.add(clientMsgId);
    try {
      const { syncSeq, ...message } = await this.options.send(await this.#prepared(item));
      await this.#sent(clientMsgId, message, syncSeq);
      this.#settle(clientMsgId, message);
      return undefined;
    } catch (thrown) {
      const error = asImError(thrown);
      this.options.log('send', error);
      // What was ended with the client is no failure: it is sent the next time.
      if (error.retryable || this.#isEnded || ENDED.has(error.code)) return error;
      const { code, message } = error;
      await this.#change(clientMsgId, 'waiting', each => ({ ...each, state: 'failed', error: { code, message } }));
      this.#settle(clientMsgId, error);
      return undefined;
    } finally {
      this.#sending.delete(clientMsgId);
    }
  }

  /** The entry of the stream takes it out, which may have been there already. */
  #sent(clientMsgId: string, message: Message, syncSeq: number): Promise<void> {
    return this.options.write(async (t, changes) => {
      const known = await itemOf(t, clientMsgId);
      if (!known) return;
      const { error: _error, ...item } = known;
      const place = await t.get('place', ['place']);
      if (place && place.last >= syncSeq) await t.remove('outbox', [item.order]);
      else await t.put('outbox', [item.order], { ...item, state: 'sent', message, syncSeq });
      noteItem(changes, { ...item, message });
    });
  }

  /** What the server is sent, after the files that belong to it are there. */
  async #prepared(item: OutboxItem): Promise<Inputs['message.send']> {
    const { conversationId, to, clientMsgId, type, content, replyTo, mentions, mentionAll, extra } = item;
    const message = { conversationId, to, clientMsgId, type, replyTo, mentions, mentionAll, extra };
    const whole = { ...message, content: item.attachment ? await this.#contentOf(item, item.attachment) : content };
    // What is undefined is not sent, on any transport.
    return JSON.parse(JSON.stringify(whole)) as Inputs['message.send'];
  }

  async #contentOf(item: OutboxItem, { name }: Attachment): Promise<object> {
    const mediaId = await this.#uploaded(item, 'attachment');
    const posterId = item.poster && (await this.#uploaded(item, 'poster'));
    return { mediaId, posterId, ...(item.type === 'file' && { name }) };
  }

  #uploaded(item: OutboxItem, which: 'attachment' | 'poster'): Promise<string> {
    return this.options.upload(item, item[which]!, uploadUrl =>
      this.#change(item.clientMsgId, 'waiting', each => ({ ...each, [which]: { ...each[which], uploadUrl } })),
    );
  }

  /** Changes one as long as it is in that state. */
  #change(clientMsgId: string, state: OutboxItem['state'], change: (item: OutboxItem) => OutboxItem): Promise<void> {
    return this.options.write(async (t, changes) => {
      const item = await itemOf(t, clientMsgId);
      if (item?.state === state) await putItem(t, changes, change(item));
    });
  }
}
