import { Node } from './node';
import { Proxy } from './proxy';
import { url } from './service';

const portOf = (address: string) => Number(new URL(address).port);

/**
 * The service at one address. A process of its own answers there, and after its end the one of the tests, until the next is there.
 */
export class Servers {
  private readonly target = { host: '127.0.0.1', port: portOf(url()) };
  readonly url = `http://127.0.0.1:${new Proxy(this.target).port}`;
  private starting = this.begin();

  /** As a power cut does it: whoever is connected to the process loses the connection. */
  async kill(): Promise<void> {
    const node = await this.starting;
    await node.kill();
    this.target.port = portOf(url());
    this.starting = this.begin();
  }

  async stop(): Promise<void> {
    await (await this.starting).kill();
  }

  private async begin(): Promise<Node> {
    const node = await Node.start();
    this.target.port = portOf(node.url);
    return node;
  }
}
