import type { Live } from '../live/value.js';
import { Value } from '../live/value.js';
import { Cancel } from './cancel.js';
import type { Upload, Uploader, UploadServer } from './upload.js';

/** The uploads that belong to messages of the outbox: how far each is, and how to end it. */
export class Uploads {
  readonly #progress = new Value<Readonly<Record<string, number>>>({});
  readonly #cancels = new Map<string, Cancel>();

  constructor(
    private readonly uploader: Uploader,
    private readonly server: UploadServer,
  ) {}

  /** How much is there of what is under way, from 0 to 1, by the id of its message. */
  get progress(): Live<Readonly<Record<string, number>>> {
    return this.#progress;
  }

  async run(clientMsgId: string, upload: Upload): Promise<string> {
    const cancel = new Cancel();
    this.#cancels.set(clientMsgId, cancel);
    const note = (part: number) => this.#progress.set({ ...this.#progress.value, [clientMsgId]: part });
    note(0);
    try {
      return await this.uploader({ ...upload, onProgress: note, signal: cancel }, this.server);
    } finally {
      this.#cancels.delete(clientMsgId);
      const { [clientMsgId]: _done, ...rest } = this.#progress.value;
      this.#progress.set(rest);
    }
  }

  cancel(clientMsgId: string): void {
    this.#cancels.get(clientMsgId)?.abort();
  }
}
