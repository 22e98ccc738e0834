import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server that can be cut, frozen, narrowed, or made to swallow everything, and restored. */
export class Proxy {
  readonly port: number;
  private state: 'open' | 'cut' | 'hung' | 'frozen' = 'open';
  private bytesPerSecond = Infinity;
  private readonly sockets = new Set<Socket>();

  constructor(target: { readonly host: string; readonly port: number }) {
    const server = createServer(socket => {
      if (this.state === 'cut') return void socket.destroy();
      const upstream = connect(target.port, target.host);
      this.join(socket, upstream);
      this.join(upstream, socket);
    });
    // Bound at once, because no address has to be looked up.
    this.port = (server.listen(0).address() as AddressInfo).port;
    server.unref();
  }

  /** Connections are closed, and new ones too. */
  cut(): void {
    this.state = 'cut';
    for (const socket of this.sockets) socket.destroy();
  }

  /** Connections stay, and carry nothing more. */
  hang(): void {
    this.state = 'hung';
  }

  /** Connections stay, and what they carry waits until they are restored. */
  freeze(): void {
    this.state = 'frozen';
    for (const socket of this.sockets) socket.pause();
  }

  /** Each connection carries so many bytes in a second. */
  throttle(bytesPerSecond: number): void {
    this.bytesPerSecond = bytesPerSecond;
  }

  restore(): void {
    // What was swallowed can not be made good: those connections are lost.
    if (this.state === 'hung') this.cut();
    this.state = 'open';
    this.bytesPerSecond = Infinity;
    for (const socket of this.sockets) socket.resume();
  }

  private join(from: Socket, to: Socket): void {
    this.sockets.add(from);
    from.setNoDelay(true);
    from.on('data', chunk => {
      if (this.state === 'hung') return;
      to.write(chunk);
      if (this.bytesPerSecond === Infinity) return;
      from.pause();
      setTimeout(() => this.state === 'frozen' || from.resume(), (chunk.length / this.bytesPerSecond) * 1000);
    });
    if (this.state === 'frozen') from.pause();
    from.on('error', () => undefined);
    from.on('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
  }
}
