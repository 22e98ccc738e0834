import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../database/pool';
import type { Query } from '../database/session';
import { SELECT_NOW } from '../database/statement';
import type { MediaFiles } from '../media/files';
import { purgeMedia, purgeNeverUsed, purgeUnfinished } from './media';
import { purgeFiles } from './media_files';
import { daysBefore, purgeDissolved, purgeEntries, purgeMessages, purgeRequests, type Purging } from './rows';

export interface PurgeOptions {
  /** Days that messages are kept, and media that nothing else uses; 0: for ever. */
  readonly retentionDays: number;
  /** Days that media are kept which nothing has ever used; 0: no fewer than others. */
  readonly unusedMediaDays: number;
  /** Days that entries are kept for a device that has not acknowledged them. */
  readonly syncDays: number;
  /** Seconds after which a device that was not seen can not go on with its session. */
  readonly refreshTtl: number;
  /** Waits so many milliseconds. Default: a timer. */
  readonly rest?: (ms: number, signal: AbortSignal) => Promise<unknown>;
  /** The time in milliseconds. Default: the monotonic clock's. */
  readonly clock?: () => number;
}

/** After each chunk, this many times as long as it took is left to others. */
const REST = 3;
const REST_MS = 30_000;
const REQUEST_DAYS = 30;

const timer = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal });

/**
 * Takes away what is out of date, a small chunk at a time and one process at a time. It keeps no place of its own: what is
 * left, because it was stopped or has failed, the next run finds.
 */
export class Purge {
  private readonly stopping = new AbortController();
  private running?: Promise<number | undefined>;

  /** The database has one connection, which holds the lock and does the work: without the one there is not the other. */
  constructor(
    private readonly database: Database,
    private readonly files: MediaFiles,
    private readonly options: PurgeOptions,
  ) {}

  /**
   * Returns how many rows and files it has taken away; undefined when it is under way already, here or in another process.
   * Throws UNAVAILABLE and what else has ended one of its parts, after the other parts.
   */
  async run(): Promise<number | undefined> {
    if (this.running || this.isStopping()) return undefined;
    this.running = this.database.exclusively('egg-im:retention', async query =>
      this.takeTurns(await this.purges(query)),
    );
    return this.running.finally(() => (this.running = undefined));
  }

  /** Resolves when the chunk that is under way is done. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running?.catch(() => undefined);
    await this.database.close();
  }

  private async purges(query: Query): Promise<Purging[]> {
    const [[{ now }]] = await query([SELECT_NOW]);
    return [
      purgeDissolved(query),
      this.purgeAged(query, now),
      purgeRequests(query, daysBefore(now, REQUEST_DAYS)),
      purgeUnfinished(this.files, now),
      this.purgeUnused(query, now),
    ];
  }

  private async *purgeUnused(query: Query, now: Date): Purging {
    const { unusedMediaDays: days } = this.options;
    if (days > 0) yield* purgeNeverUsed(query, daysBefore(now, days));
    yield* purgeFiles(query, this.files);
  }

  private async *purgeAged(query: Query, now: Date): Purging {
    const { retentionDays: days, syncDays, refreshTtl } = this.options;
    // Ahead of the messages and no later: a device must not count on from entries whose messages are gone.
    const before = daysBefore(now, days > 0 ? Math.min(days, syncDays) : syncDays);
    yield* purgeEntries(query, now, before, new Date(now.getTime() - refreshTtl * 1000));
    if (days === 0) return;
    yield* purgeMessages(query, daysBefore(now, days));
    // After the last message that could show them.
    yield* purgeMedia(query, this.files, now, daysBefore(now, days + 1));
  }

  /** A chunk of each in turn: one with much to do holds up no other. */
  private async takeTurns(purges: readonly Purging[]): Promise<number> {
    const { clock = () => performance.now() } = this.options;
    const errors: unknown[] = [];
    const left = new Set(purges);
    let purged = 0;
    while (left.size > 0 && !this.isStopping()) {
      for (const purge of left) {
        if (this.isStopping()) break;
        const began = clock();
        try {
          const step = await purge.next();
          if (step.done) left.delete(purge);
          else purged += step.value;
        } catch (error) {
          left.delete(purge);
          errors.push(error);
        }
        await this.rest(clock() - began);
      }
    }
    // Those that were stopped close what they have open.
    for (const purge of left) await purge.return();
    if (errors.length > 0) throw errors[0];
    return purged;
  }

  private isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  private async rest(worked: number): Promise<void> {
    const { rest = timer } = this.options;
    // Cut short by `stop`.
    await rest(Math.min(worked * REST, REST_MS), this.stopping.signal).catch(() => undefined);
  }
}
