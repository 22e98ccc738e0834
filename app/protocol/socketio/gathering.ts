import type { Told } from './told';

const GATHER_MS = 200;
/** Characters after which nothing more is waited for. */
const MOST = 1 << 18;

/** Gathers what a receiver is told for 200 ms, and tells it at once: an array of JSON strings. */
export class Gathering {
  private strings: string[] = [];
  private length = 0;
  private timer?: NodeJS.Timeout;
  private isOver = false;

  constructor(private readonly tell: (strings: readonly string[]) => void) {}

  add(told: Told): void {
    if (this.isOver) return;
    const text = JSON.stringify(told);
    this.strings.push(text);
    this.length += text.length;
    if (this.length >= MOST) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), GATHER_MS).unref();
  }

  /** Tells what there is, and nothing more. */
  end(): void {
    this.isOver = true;
    if (this.strings.length > 0) this.flush();
  }

  private flush(): void {
    const { strings } = this;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.strings = [];
    this.length = 0;
    this.tell(strings);
  }
}
