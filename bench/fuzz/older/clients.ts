import type { Caller } from '../caller';
import type { OlderClient } from './client';
import { Conversations } from './conversations';
import { Handshakes } from './handshakes';
import { Pages } from './pages';
import { PrivateMessages } from './private_messages';

/** The clients of older protocols that one person has. */
export class OlderClients {
  private readonly clients: readonly OlderClient[];

  constructor(private readonly caller: Caller) {
    this.clients = [Pages, PrivateMessages, Conversations, Handshakes].map(Client => new Client(caller));
  }

  /** Makes one call, and judges its answer. Returns the code that it was answered with. */
  async step(): Promise<string> {
    const { dice, report } = this.caller;
    const [kind, make] = dice.weighted(this.clients.flatMap(({ kinds }) => kinds));
    const [verdict, sent, answer] = await make();
    report.add(kind, 'of an older protocol', verdict, [sent, answer]);
    return verdict.code;
  }

  end(): void {
    for (const client of this.clients) client.end();
  }
}
