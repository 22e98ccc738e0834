import type { Live } from '../live/value.js';
import { Value } from '../live/value.js';
import type { OutboxItem } from '../outbox/item.js';
import type { Media } from '../protocol.js';
import { Cancel } from './cancel.js';
import type { Upload, Uploader, UploadServer } from './upload.js';

const TIMEOUT_MS = 15_000;

/** What is on its way to the server: how far that of each message of the outbox is, and how to end it. */
export class Uploads {
  readonly #progress = new Value<Readonly<Record<string, number>>>({});
  readonly #cancels = new Map<string, Cancel>();
  #isEnded = false;

  constructor(
    private readonly uploader: Uploader,
    private readonly server: UploadServer,
  ) {}

  /** How much is there of what is under way, from 0 to 1, by the id of its message. */
  get progress(): Live<Readonly<Record<string, number>>> {
    return this.#progress;
  }

  /** Uploads a file. One that is cancelled is taken off the server, too, which bounds how many a user may begin. */
  async run(upload: Upload): Promise<Media> {
    let { uploadUrl } = upload;
    const keep = async (url: string) => {
      uploadUrl = url;
      await upload.keep?.(url);
    };
    try {
      return await this.uploader({ ...upload, keep }, this.server);
    } catch (error) {
      if (upload.signal?.aborted && !this.#isEnded) this.#remove(uploadUrl);
      throw error;
    }
  }

  /** Uploads what is attached to a message. Resolves with the id of the medium. */
  async runFor(clientMsgId: string, upload: Upload): Promise<string> {
    const signal = new Cancel();
    this.#cancels.set(clientMsgId, signal);
    const onProgress = (part: number) => this.#progress.set({ ...this.#progress.value, [clientMsgId]: part });
    onProgress(0);
    try {
      return (await this.run({ ...upload, onProgress, signal })).id;
    } finally {
      this.#cancels.delete(clientMsgId);
      const { [clientMsgId]: _done, ...rest } = this.#progress.value;
      this.#progress.set(rest);
    }
  }

  /** Ends what belongs to a message that will not be sent. */
  discard({ clientMsgId, attachment, poster }: OutboxItem): void {
    for (const each of [attachment, poster]) this.#remove(each?.uploadUrl);
    this.#cancels.get(clientMsgId)?.abort();
  }

  /** Ends all for now: it goes on where it was. */
  end(): void {
    this.#isEnded = true;
    for (const cancel of this.#cancels.values()) cancel.abort();
  }

  #remove(url: string | undefined): void {
    if (!url) return;
    const headers = { 'tus-resumable': '1.0.0' };
    // What can not be taken away goes by itself, after a day.
    this.server.send({ method: 'DELETE', url, headers, timeoutMs: TIMEOUT_MS }).catch(() => undefined);
  }
}
