import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Bytes in front of each packet: three of its length and its number, which is 0 where a client begins an exchange. */
const HEAD = 4;

/** Stands between a service and MySQL, and counts what the service asks: each time is a round trip. */
export class RoundTrips {
  count = 0;
  private readonly server;

  private constructor(target: URL) {
    this.server = createServer({ noDelay: true }, client => {
      const mysql = connect({ port: Number(target.port), host: target.hostname, noDelay: true });
      const packets = new Packets(() => this.count++);
      client.on('data', chunk => packets.read(chunk));
      pipe(client, mysql);
      pipe(mysql, client);
    });
  }

  /** Resolves with what counts, and the address of MySQL by which it is counted. */
  static async before(url: string): Promise<{ trips: RoundTrips; url: string }> {
    const trips = new RoundTrips(new URL(url));
    await once(trips.server.listen(0, '127.0.0.1'), 'listening');
    const counted = new URL(url);
    counted.host = `127.0.0.1:${(trips.server.address() as AddressInfo).port}`;
    return { trips, url: counted.href };
  }

  /** Its connections end with those who made them. */
  stop(): void {
    this.server.close();
  }
}

function pipe(from: Socket, to: Socket): void {
  from.pipe(to);
  from.on('error', () => to.destroy());
  from.on('close', () => to.destroy());
}

/** Finds packets in a stream that comes in pieces, and tells of those that begin an exchange. */
class Packets {
  private readonly head = Buffer.alloc(HEAD);
  private headBytes = 0;
  private bodyBytes = 0;

  constructor(private readonly onFirst: () => void) {}

  read(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;) {
      if (this.bodyBytes > 0) {
        const passed = Math.min(this.bodyBytes, chunk.length - at);
        this.bodyBytes -= passed;
        at += passed;
        continue;
      }
      this.head[this.headBytes++] = chunk[at++];
      if (this.headBytes < HEAD) continue;
      this.headBytes = 0;
      this.bodyBytes = this.head.readUIntLE(0, 3);
      if (this.head[3] === 0) this.onFirst();
    }
  }
}
