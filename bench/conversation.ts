import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Device } from './device';
import type { Cast } from './load';

const SENDERS_EACH = 4;

/** People who talk: everyone sends, reads, and now and then has a device offline. */
export class Conversation {
  private readonly talking: Promise<unknown>[];
  private running = true;

  constructor(
    private readonly cast: Cast,
    private readonly devices: readonly (readonly Device[])[],
  ) {
    this.talking = devices.flatMap((own, place) => [
      ...Array.from({ length: SENDERS_EACH }, () => this.send(place)),
      this.comeAndGo(own[1]),
    ]);
  }

  get acked(): number {
    return this.devices.flat().reduce((sum, device) => sum + device.acked.length, 0);
  }

  /** How often sends were refused with this code. */
  refused(code: string): number {
    return this.devices.flat().reduce((sum, device) => sum + (device.refusals.get(code) ?? 0), 0);
  }

  /** The clientMsgIds of sends that are not answered. */
  unanswered(): string[] {
    return this.devices.flat().flatMap(device => [...device.unanswered]);
  }

  /** Resolves when everything that was sent is acked and every device is online. */
  async stop(): Promise<void> {
    this.running = false;
    await Promise.all(this.talking);
  }

  private async send(place: number): Promise<void> {
    const mine = this.cast.conversations.filter(each => each.members.includes(place));
    while (this.running) {
      const [device] = this.devices[place];
      const { id } = mine[randomInt(mine.length)];
      await device.send(id, `from ${device.name} at ${Date.now()}`);
      const read = device.given.at(-randomInt(1, 20));
      if (read && randomInt(5) === 0) await device.read(read.conversationId, read.seq);
    }
  }

  private async comeAndGo(device: Device): Promise<void> {
    while (this.running) {
      await sleep(randomInt(2000, 10_000));
      device.goOffline();
      await sleep(randomInt(100, 3000));
      device.comeBack();
    }
  }
}
