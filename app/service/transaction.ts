import { Service } from 'egg';
import type { Transaction } from 'sequelize';
import { newId } from '../lib/ids';
import { append, type NewEntry, type Publication } from '../lib/stream';

const TRIES = 5;

/** What a use case has within its transaction. */
export interface Work {
  readonly transaction: Transaction;
  /** Writes entries into streams; pushed after the commit. The last thing to do: no locks may be taken after it. */
  append(entries: readonly NewEntry[]): Promise<void>;
}

export default class TransactionService extends Service {
  /**
   * Runs a use case in one transaction and pushes what it appended. `work` may run several times: a deadlock, a lock
   * wait or an id that exists already rolls everything back and begins again.
   */
  async run<T>(work: (tools: Work) => Promise<T>): Promise<T> {
    const { app } = this;
    for (let attempt = 1; ; attempt++) {
      const publications: Publication[] = [];
      try {
        const result = await app.model.transaction(transaction =>
          work({
            transaction,
            append: async entries => {
              const query = async (statements: readonly string[]) => {
                const results = [];
                for (const statement of statements)
                  results.push((await app.model.query(statement, { transaction }))[0]);
                return results as Record<string, unknown>[][];
              };
              publications.push(...(await append(query, entries)));
            },
          }),
        );
        if (publications.length > 0) app.engine.push.publish(publications);
        return result;
      } catch (error) {
        if (attempt === TRIES || !mayRunAgain(error)) throw error;
      }
    }
  }

  /** `run` with an id for a new row. */
  runWithId<T>(work: (id: number, tools: Work) => Promise<T>): Promise<T> {
    return this.run(tools => work(newId(), tools));
  }
}

function mayRunAgain(error: unknown): boolean {
  const { errno, sqlMessage = '' } = (error as { parent?: { errno?: number; sqlMessage?: string } }).parent ?? {};
  return errno === 1213 || errno === 1205 || (errno === 1062 && /PRIMARY'?$/.test(sqlMessage));
}
