import { asImError, ImError } from '../error.js';
import { alone } from '../net/tabs.js';
import type { Inputs, Message, SentMessage } from '../protocol.js';
import type { ChangeSet } from '../store/changes.js';
import type { Reading, Writing } from '../store/store.js';
import { jittered, Pause } from '../time.js';
import { uuid } from '../uuid.js';
import type { Attachment, Draft, OutboxItem } from './item.js';

export interface OutboxOptions {
  /** Of all tabs that share the store one at a time sends what bears it. */
  readonly name: string;
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

const AGAIN_MS = 1000;
const AGAIN_MAX_MS = 30_000;
/** Among so many of the latest messages one is looked for that another tab has sent. */
const LATEST = 200;

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
  readonly #pause = new Pause();
  /** Of each receiver: what waits for one keeps nobody else waiting. */
  readonly #lanes = new Map<string, Promise<void>>();
  /** Something was added to a lane while it was looked through, maybe behind the last look. */
  #isMissed = false;
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
    await this.#change(clientMsgId, ({ error, ...item }) => ({
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
      const item = await find(t, clientMsgId);
      if (!item || item.state === 'sent') return undefined;
      await t.remove('outbox', [item.order]);
      note(changes, item);
      return item;
    });
    if (discarded) this.options.discarded(discarded);
    this.#settle(clientMsgId, new ImError('CANCELLED'));
  }

  /** Sends what waits: after something was added, and when there is a connection. */
  run(): void {
    this.#pause.wake();
    void this.#runLanes().catch((error: unknown) => this.options.log('outbox', error));
  }

  /** Tells those who wait for messages what has become of them in another tab. */
  async check(): Promise<void> {
    for (const [clientMsgId, { item }] of [...this.#waiters]) {
      const outcome = await this.options.read(async t => {
        const now = await find(t, clientMsgId);
        if (now?.error) return new ImError(now.error.code, now.error.message);
        return now ? now.message : arrived(t, item);
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
        clientMsgId: uuid(),
        createdAt: new Date().toISOString(),
        state: 'waiting',
      };
      await put(t, changes, item);
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
    for (const lane of new Set(items.filter(each => each.state === 'waiting').map(laneOf))) {
      this.#isMissed ||= this.#lanes.has(lane);
      if (this.#lanes.has(lane)) continue;
      const done = alone(`${this.options.name}:${lane}`, () => this.#drain(lane))
        .catch((error: unknown) => this.options.log('outbox', error))
        .then(() => this.#ended(lane));
      this.#lanes.set(lane, done);
    }
  }

  #ended(lane: string): void {
    this.#lanes.delete(lane);
    if (!this.#isMissed) return;
    this.#isMissed = false;
    this.run();
  }

  async #drain(lane: string): Promise<void> {
    for (let wait = AGAIN_MS; this.options.isOnline() && !this.#isEnded;) {
      const items = await this.options.read(t => t.list('outbox'));
      const item = items.find(each => each.state === 'waiting' && laneOf(each) === lane);
      if (!item) return;
      const error = await this.#deliver(item);
      if (!error?.retryable) {
        wait = AGAIN_MS;
        continue;
      }
      await this.#pause.sleep(error.retryAfterMs ?? jittered(wait));
      wait = Math.min(wait * 2, AGAIN_MAX_MS);
    }
  }

  /** Sends one message, once. Resolves with what has kept it from being sent. */
  async #deliver(item: OutboxItem): Promise<ImError | undefined> {
    try {
      const { syncSeq: _place, ...message } = await this.options.send(await this.#prepared(item));
      // The entry of the stream takes it out, and may have done so already.
      await this.#change(item.clientMsgId, each => ({ ...each, state: 'sent', message }));
      this.#settle(item.clientMsgId, message);
      return undefined;
    } catch (thrown) {
      const error = asImError(thrown);
      this.options.log('send', error);
      // What was ended with the client is no failure: it is sent the next time.
      if (error.retryable || this.#isEnded) return error;
      const { code, message } = error;
      await this.#change(item.clientMsgId, each => ({ ...each, state: 'failed', error: { code, message } }));
      this.#settle(item.clientMsgId, error);
      return error;
    }
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
      this.#change(item.clientMsgId, each => ({ ...each, [which]: { ...each[which], uploadUrl } })),
    );
  }

  #change(clientMsgId: string, change: (item: OutboxItem) => OutboxItem): Promise<void> {
    return this.options.write(async (t, changes) => {
      const item = await find(t, clientMsgId);
      if (item) await put(t, changes, change(item));
    });
  }
}

const laneOf = ({ conversationId, to }: Draft): string => (conversationId ? `c${conversationId}` : `u${to?.userId}`);

async function find(t: Reading, clientMsgId: string): Promise<OutboxItem | undefined> {
  return (await t.list('outbox')).find(each => each.clientMsgId === clientMsgId);
}

/** The message that an item has become, which the stream has brought. */
async function arrived(t: Reading, { clientMsgId, conversationId, to }: OutboxItem): Promise<Message | undefined> {
  const conversations = conversationId ? [] : await t.list('conversations');
  const id = conversationId ?? conversations.find(each => each.type === 'single' && each.peerId === to?.userId)?.id;
  const latest = id ? await t.list('messages', { prefix: [id], reverse: true, limit: LATEST }) : [];
  return latest.find(each => each.clientMsgId === clientMsgId);
}

async function put(t: Writing, changes: ChangeSet, item: OutboxItem): Promise<void> {
  await t.put('outbox', [item.order], item);
  note(changes, item);
}

function note(changes: ChangeSet, { conversationId, message }: OutboxItem): void {
  changes.lists.add('outbox');
  const id = conversationId ?? message?.conversationId;
  if (id) changes.messages.add(id);
}
