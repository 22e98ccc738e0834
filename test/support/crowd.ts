export { Dice } from '../../bench/fuzz/dice';
import type { CallName, Data, WireInput } from '../../app/schema/calls';
import { entries, type EntryType } from '../../app/schema/sync';
import type { Client } from './client';
import { people, type Person } from './person';
import { DeviceState } from './state';

/** How often a type of entry came live, and how often to a device that had been away. */
export type Arrivals = Record<EntryType, { live: number; later: number }>;

/** A device that comes and goes, and keeps its place and its state. */
export class Device {
  readonly state: DeviceState;
  private client?: Client;
  private last = 0;

  constructor(
    readonly person: Person,
    private readonly arrivals: Arrivals,
  ) {
    this.state = new DeviceState(person.id);
  }

  get online(): boolean {
    return this.client !== undefined;
  }

  async come(): Promise<void> {
    this.client ??= await this.person.connect({ after: this.last });
  }

  /** Applies what has arrived and goes away. */
  go(): void {
    const { client } = this;
    if (!client) return;
    client.wire.disconnect();
    this.client = undefined;
    const [{ head }] = client.told('sync:head');
    for (const entry of client.replica.entries) {
      this.state.apply(entry);
      this.arrivals[entry.type][entry.syncSeq > head ? 'live' : 'later']++;
    }
    this.last = client.replica.last;
  }

  async reach(head: number): Promise<void> {
    await this.come();
    await this.client!.reaches(head);
  }

  /** By the event while online, by REST while not. */
  call<N extends CallName>(name: N, input: WireInput<N>): Promise<Data<N>> {
    return this.client ? this.client.call(name, input) : this.person.call(name, input);
  }
}

export interface Crowd {
  readonly persons: readonly Person[];
  /** two of each person, in their order */
  readonly devices: readonly Device[];
  readonly arrivals: Arrivals;
}

/** People with two devices each, all online. */
export async function crowd(howMany: number): Promise<Crowd> {
  const persons = await people(howMany);
  const arrivals = Object.fromEntries(Object.keys(entries).map(type => [type, { live: 0, later: 0 }])) as Arrivals;
  const devices: Device[] = [];
  for (const person of persons) {
    for (const each of [person, await person.login()]) devices.push(new Device(each, arrivals));
  }
  await Promise.all(devices.map(device => device.come()));
  return { persons, devices, arrivals };
}
