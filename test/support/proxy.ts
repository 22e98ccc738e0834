import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server that can be cut, or made to swallow everything, and restored. */
export class Proxy {
  readonly port: number;
  private state: 'open' | 'cut' | 'hung' = 'open';
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

  restore(): void {
    // What was swallowed can not be made good: those connections are lost.
    if (this.state === 'hung') this.cut();
    this.state = 'open';
  }

  private join(from: Socket, to: Socket): void {
    this.sockets.add(from);
    from.setNoDelay(true);
    from.on('data', chunk => {
      if (this.state !== 'hung') to.write(chunk);
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
  }
}
