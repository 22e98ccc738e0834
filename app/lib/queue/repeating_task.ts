/** Does the same work again and again, with a pause after each time. What fails once is tried again next time. */
export class RepeatingTask {
  private readonly timer;
  private running = Promise.resolve();
  private stopped = false;

  constructor(
    intervalMs: number,
    private readonly work: () => Promise<void>,
    private readonly onError: (error: unknown) => void,
  ) {
    this.timer = setTimeout(() => this.next(), intervalMs).unref();
  }

  /** Resolves when the work under way, if any, is done. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private next(): void {
    this.running = this.work()
      .catch(this.onError)
      .finally(() => {
        if (!this.stopped) this.timer.refresh();
      });
  }
}
