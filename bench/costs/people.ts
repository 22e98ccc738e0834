import { setTimeout as sleep } from 'node:timers/promises';
import { LoadClient, message } from '../client';
import type { Cast } from '../load';
import { addressOf } from '../parts';

const CONNECT_AT_ONCE = 50;
/** After an acknowledgement: what is told of it gets to devices. */
const SETTLE_MS = 500;

/** Connected devices, a user each, that write one message at a time, and acknowledge what they were pushed when they are told to. */
export class People {
  private sent = 0;
  private readonly cursors = new Map<LoadClient, number>();

  private constructor(
    private readonly clients: readonly LoadClient[],
    private readonly conversations: Cast['conversations'],
  ) {}

  static async connect(port: number, { people, conversations }: Cast): Promise<People> {
    const clients: LoadClient[] = [];
    for (let from = 0; from < people.length; from += CONNECT_AT_ONCE) {
      const slice = people.slice(from, from + CONNECT_AT_ONCE);
      const connecting = slice.map(({ auth }, index) => LoadClient.connect(port, auth, addressOf(from + index)));
      clients.push(...(await Promise.all(connecting)));
    }
    return new People(clients, conversations);
  }

  get count(): number {
    return this.clients.length;
  }

  close(): void {
    for (const client of this.clients) client.close();
  }

  /**
   * Writes so many messages, the next one when all have the one before: in each conversation in turn, by so many of its members one
   * after the other.
   */
  async write(messages: number, speakers: number): Promise<void> {
    const { conversations, clients } = this;
    for (let left = messages; left > 0; left--) {
      const { id, members } = conversations[this.sent % conversations.length];
      const turn = Math.floor(this.sent++ / conversations.length);
      const devices = members.map(place => clients[place]);
      const given = devices.map(pushed);
      await request(devices[turn % Math.min(devices.length, speakers)], 'message:send', message(id));
      await Promise.all(given);
    }
  }

  /** All acknowledge all that they have, and what they are told of that. */
  async acknowledgeAll(): Promise<void> {
    do {
      await this.acknowledge(client => client.head);
      await sleep(SETTLE_MS);
    } while (this.clients.some(client => client.head > this.cursors.get(client)!));
  }

  /** All acknowledge the next entry alone, at the same time. */
  async acknowledgeNext(): Promise<void> {
    await this.acknowledge(client => this.cursors.get(client)! + 1);
  }

  private async acknowledge(placeOf: (client: LoadClient) => number): Promise<void> {
    await Promise.all(
      this.clients.map(client => {
        const syncSeq = placeOf(client);
        this.cursors.set(client, syncSeq);
        return request(client, 'sync:ack', { syncSeq });
      }),
    );
  }
}

/** Resolves when a device is given a message. */
function pushed(client: LoadClient): Promise<void> {
  return new Promise(resolve => {
    client.onPush = entries => {
      if (entries.some(({ data }) => data.messages)) resolve();
    };
  });
}

function request(client: LoadClient, event: string, payload: object): Promise<void> {
  return new Promise((resolve, reject) => {
    client.request(event, payload, ({ ok, error }) => {
      if (ok) resolve();
      else reject(new Error(`${event}: ${error?.code}`));
    });
  });
}
