import { fork, type ChildProcess, type ForkOptions } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { AppError, invalidInput } from '../../../schema/errors';
import { JobQueue } from '../../queue/job_queue';
import { diskFailure } from '../storage/disk';
import { madeOf, type Described } from './described';
import type { Answer, Question } from './protocol';

/** Files that may wait, and those of one user: an album. */
const LIMIT = 128;
const SHARE = 32;
/** How long one file may take; the child has the lowest priority, and may have to wait for the processor. */
const TIMEOUT_MS = 60_000;
/** How a library ends that a file breaks. */
const CRASHES: ReadonlySet<NodeJS.Signals> = new Set(['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGTRAP']);
/** How long a child without work stays. */
const IDLE_MS = 30_000;

export interface InspectorOptions {
  /** Pixels that a picture may have, its frames together. */
  readonly pixels: number;
  readonly timeoutMs?: number;
  readonly idleMs?: number;
}

/** As this file is run: the child knows no environment, and with it none of our secrets. */
const CHILD: ForkOptions = {
  execArgv: __filename.endsWith('.ts') ? ['--require', 'ts-node/register/transpile-only'] : [],
  cwd: __dirname,
  // What it would warn of is up to who uploads; the log is not.
  env: { VIPS_WARNING: '0' },
  stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  // A session of its own, which can be put behind ours.
  detached: true,
};

/** Looks at uploaded files, one at a time, in a child process of its own, which is there while there is work. */
export class Inspector {
  private readonly jobs = new JobQueue({ atOnce: 1, limit: LIMIT, share: SHARE });
  private child?: ChildProcess;
  private idle?: NodeJS.Timeout;

  constructor(private readonly options: InspectorOptions) {}

  /** Of the child, while there is one. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /**
   * What a file is; files of its thumbnail and of what replaces it lie beside it then, for the caller to move or remove. When it
   * fails there is nothing beside it. Throws INVALID_INPUT (a broken picture, or what breaks its reader), TOO_LARGE (more pixels than
   * are allowed), BUSY (too many files wait, or this one took too long), UNAVAILABLE (the disk is full).
   */
  inspect(userId: number, path: string): Promise<Described> {
    return this.jobs.run(userId, async () => {
      try {
        return await this.ask({ path, pixels: this.options.pixels });
      } catch (error) {
        await Promise.all(Object.values(madeOf(path)).map(each => rm(each, { force: true })));
        throw error;
      }
    });
  }

  /** Ends the child, whatever it does. */
  stop(): void {
    clearTimeout(this.idle);
    this.child?.kill('SIGKILL');
    this.child = undefined;
  }

  private async ask(question: Question): Promise<Described> {
    clearTimeout(this.idle);
    const child = (this.child ??= this.start());
    try {
      return describedBy(await this.answerOf(child, question));
    } finally {
      this.idle = setTimeout(() => this.stop(), this.options.idleMs ?? IDLE_MS).unref();
    }
  }

  private async answerOf(child: ChildProcess, question: Question): Promise<Answer> {
    const settled = new AbortController();
    const { signal } = settled;
    const late = setTimeout(() => this.stop(), this.options.timeoutMs ?? TIMEOUT_MS);
    const answer = once(child, 'message', { signal }) as Promise<[Answer]>;
    const exit = once(child, 'exit', { signal }) as Promise<[number | null, NodeJS.Signals | null]>;
    child.send(question);
    try {
      return (await Promise.race([answer, exit.then(end => Promise.reject(failureOf(...end)))]))[0];
    } finally {
      clearTimeout(late);
      settled.abort();
    }
  }

  private start(): ChildProcess {
    const child = fork(require.resolve('./child'), CHILD);
    // It does not keep this process, whose end ends it.
    child.unref();
    child.channel?.unref();
    const forget = () => {
      if (this.child === child) this.child = undefined;
    };
    return child.once('exit', forget).on('error', forget);
  }
}

/** What the end of the child means for the file that it was at. */
function failureOf(code: number | null, signal: NodeJS.Signals | null): Error {
  if (signal === null) return new Error(`the inspection of files has ended with ${code}`);
  if (CRASHES.has(signal)) {
    return invalidInput('/file', 'a file that can be read is needed');
  }
  // By us, after its time, or by a system that is short of memory.
  return new AppError('BUSY');
}

function describedBy(answer: Answer): Described {
  if ('described' in answer) return answer.described;
  if ('refusal' in answer) throw new AppError(answer.refusal, answer.details);
  throw diskFailure(Object.assign(new Error(answer.message), { code: answer.code }));
}
