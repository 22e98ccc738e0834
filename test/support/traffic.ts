import { Connection } from 'mysql2';
import { mm } from './service';

/** A statement, or several in one packet, on their way to the database. */
interface Command {
  readonly sql?: string;
}

/** The SQL that goes to the database during a call, over either driver: a text for each round trip. What runs beside it counts too. */
export async function packetsOf(call: () => Promise<unknown>): Promise<string[]> {
  const prototype = Connection.prototype as unknown as { addCommand(command: Command): Command };
  const { addCommand } = prototype;
  const packets: string[] = [];
  mm(prototype, 'addCommand', function (this: unknown, command: Command) {
    if (command.sql !== undefined) packets.push(command.sql);
    return addCommand.call(this, command);
  });
  await call();
  mm(prototype, 'addCommand', addCommand);
  return packets;
}

/** How many transactions begin during a call. */
export async function transactionsOf(call: () => Promise<unknown>): Promise<number> {
  return (await packetsOf(call)).filter(packet => packet.startsWith('START TRANSACTION')).length;
}

/** The least that calls of a kind send, in round trips and in bytes of SQL: so it is of no interest what runs beside one of them. */
export async function leastTraffic(
  calls: readonly (() => Promise<unknown>)[],
): Promise<{ readonly trips: number; readonly bytes: number }> {
  const sent: string[][] = [];
  for (const call of calls) sent.push(await packetsOf(call));
  return {
    trips: Math.min(...sent.map(packets => packets.length)),
    bytes: Math.min(...sent.map(packets => Buffer.byteLength(packets.join('')))),
  };
}
