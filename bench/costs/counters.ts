import type { Connection } from 'mysql2/promise';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { readCpu, type Parts } from '../cpu';
import { untilFlushed, untilQuiet } from '../quiet';

/** What has been counted so far, or between two times, by name. */
export type Counters = Readonly<Record<string, number>>;

/** Of what MySQL and MariaDB count: statements, rows touched, bytes on the network, and what goes to files. */
const COUNTED = new RegExp(
  `^(${[
    'Questions',
    'Com_(begin|commit|select|insert|insert_select|update|update_multi|delete|set_option)',
    'Handler_(read_\\w+|write|update|delete|tmp_\\w+)',
    'Bytes_(received|sent)',
    'Innodb_rows_\\w+',
    'Innodb_(data_written|data_fsyncs|log_writes|os_log_written|os_log_fsyncs|dblwr_pages_written|pages_written)',
  ].join('|')})$`,
);

/** Counters of one MySQL, of whoever else works for a message, and of what `also` says. */
export class Counting {
  constructor(
    private readonly connection: Connection,
    private readonly parts: Parts,
    private readonly also: () => Counters,
  ) {}

  /** What some work has cost, without what an equally long time costs in which nothing is done. */
  async costOf(work: () => Promise<void>): Promise<Counters> {
    const { connection } = this;
    await untilQuiet(connection);
    await untilFlushed(connection);
    const start = performance.now();
    const busy = await this.during(work);
    const ms = performance.now() - start;
    // Or else the idle time would write to files what the work has left.
    await untilFlushed(connection);
    return difference(busy, await this.during(() => sleep(ms)));
  }

  private async during(work: () => Promise<void>): Promise<Counters> {
    const before = await this.read();
    await work();
    return difference(await this.read(), before);
  }

  private async read(): Promise<Counters> {
    const [rows] = await this.connection.query('SHOW GLOBAL STATUS');
    const status = (rows as { Variable_name: string; Value: string }[])
      .filter(row => COUNTED.test(row.Variable_name))
      .map(row => [row.Variable_name, Number(row.Value)] as const);
    const cpu = Object.entries(readCpu(this.parts)).map(([name, time]) => [`µs of CPU, ${name}`, time] as const);
    return { ...this.also(), ...Object.fromEntries(status), ...writtenBy(this.parts), ...Object.fromEntries(cpu) };
  }
}

/** Bytes that MySQL has handed to the disk, as the kernel counts them; nothing but on Linux. */
function writtenBy(parts: Parts): Counters {
  const pid = parts.MySQL.at(0);
  if (process.platform !== 'linux' || !pid) return {};
  return { 'bytes to disk': Number(/^write_bytes: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]) };
}

function difference(one: Counters, other: Counters): Counters {
  return Object.fromEntries(Object.keys(one).map(name => [name, one[name] - other[name]]));
}
