import { format } from 'node:util';

type Level = 'ALL' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'NONE';
/** How loggers write a line: a text with its values, or an error. */
type Write<M> = (level: Level, args: unknown[], meta?: M) => void;

interface Kind {
  readonly level: Level;
  readonly words: string;
  more: number;
}

const WINDOW_MS = 10_000;
/** Different lines of one window. Of those past it, only the count is told. */
const KINDS = 100;
const WORDS = 200;
const BOUNDED = new Set<Level>(['WARN', 'ERROR']);

/**
 * Keeps warnings and errors from filling the disk, however often callers cause them: within a window each is written once,
 * and at its end how often it came again. Other levels, which callers do not cause, pass.
 */
export class BoundedLog<M = object> {
  private readonly kinds = new Map<string, Kind>();
  private leftOut = 0;
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly write: Write<M>,
    private readonly windowMs = WINDOW_MS,
  ) {}

  readonly log: Write<M> = (level, args, meta) => {
    if (!BOUNDED.has(level)) return this.write(level, args, meta);
    this.timer ??= setTimeout(() => this.endWindow(), this.windowMs).unref();
    const key = keyOf(args);
    const kind = this.kinds.get(key);
    if (kind) kind.more++;
    else if (this.kinds.size === KINDS) this.leftOut++;
    else {
      this.kinds.set(key, { level, words: format(...args.map(wordsOf)).slice(0, WORDS), more: 0 });
      this.write(level, args, meta);
    }
  };

  endWindow(): void {
    const again = [...this.kinds.values()].filter(({ more }) => more > 0);
    const leftOut = this.leftOut;
    this.timer = undefined;
    this.kinds.clear();
    this.leftOut = 0;
    for (const { level, words, more } of again) this.write(level, [`${more} more times: ${words}`]);
    if (leftOut > 0) this.write('WARN', [`${leftOut} more lines of other kinds`]);
  }
}

const wordsOf = (value: unknown) => (value instanceof Error ? `${value.name}: ${value.message}` : value);

/** Errors of one place are of one kind, whatever values their messages have. */
function keyOf(args: readonly unknown[]): string {
  const [error] = args;
  if (!(error instanceof Error)) return format(...args);
  const { name, code = '', stack = '' } = error as NodeJS.ErrnoException;
  const frames = stack.split('\n').filter(line => /^\s+at /.test(line));
  return [name, code, ...(frames.length > 0 ? frames : [error.message])].join('\n');
}
