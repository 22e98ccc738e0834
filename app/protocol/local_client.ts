import type { Application } from 'egg';
import { EventEmitter } from 'node:events';
import { Decoder, PacketType, type Packet } from 'socket.io-parser';
import { LocalConnection, type Outside } from '../io/local_connection';
import type { Actor } from '../lib/auth/actor';
import type { Ack, SocketData } from '../lib/stream/socket';
import { eventOf, type Data, type EventCall, type WireInput } from '../schema/calls';
import { AppError } from '../schema/errors';
import type { ServerEventName, ServerEventPayload } from '../schema/events';

/** The failure of an answer, or that of a refused connection. */
type Failed = Extract<Ack<EventCall>, { ok: false }>['error'];

/** A refusal as a client gets it. */
export class Refused extends Error {
  constructor(readonly failure: Failed) {
    super(failure.message);
  }
}

/** What a client is told of an error: the refusal that it got from /im as it is, any other in the language of `locale`. */
export function failureOf(app: Application, error: unknown, locale: string): Failed {
  return error instanceof Refused ? error.failure : app.failureOf(error, locale);
}

/** As the handshake of /im takes them. */
export interface Credentials {
  readonly token?: string;
  readonly deviceId?: string;
  /** In which it is told of failures. */
  readonly lang?: string;
}

interface Waiting {
  readonly resolve: (answer: Ack<EventCall>) => void;
  readonly reject: (error: unknown) => void;
}

/** A client of /im within this process: what an adapter of an older protocol translates to. */
export class LocalClient {
  private readonly connection: LocalConnection;
  private readonly decoder = new Decoder();
  private readonly events = new EventEmitter();
  private readonly answers = new Map<number, Waiting>();
  private asked = 0;
  private data!: SocketData;

  private constructor(outside: Outside) {
    this.connection = new LocalConnection(outside, packet => this.decoder.add(packet));
    this.decoder.on('decoded', (packet: Packet) => this.take(packet));
    this.connection.once('close', () => this.end());
  }

  /** Resolves when the server has let the client in. Throws Refused. */
  static async connect(app: Application, outside: Outside, credentials: Credentials): Promise<LocalClient> {
    const client = new LocalClient(outside);
    const isIn = new Promise<SocketData>((resolve, reject) => {
      client.events.once('connect', (id: string) => resolve(app.io.of('/im').sockets.get(id)!.data));
      client.events.once('connect_error', reject);
      client.onClose(() => reject(new AppError('UNAVAILABLE')));
    });
    app.connections.enter(client.connection);
    client.connection.give(`${PacketType.CONNECT}/im,${JSON.stringify(credentials)}`);
    client.data = await isIn.catch((error: unknown) => {
      client.close();
      throw error;
    });
    return client;
  }

  /** The data of the answer. Throws Refused, UNAVAILABLE when the connection ends first. */
  async call<N extends EventCall>(name: N, input: WireInput<N>): Promise<Data<N>> {
    if (!this.isOpen) throw new AppError('UNAVAILABLE');
    const id = this.asked++;
    const answered = new Promise<Ack<EventCall>>((resolve, reject) => this.answers.set(id, { resolve, reject }));
    this.connection.give(`${PacketType.EVENT}/im,${id}${JSON.stringify([eventOf(name), input])}`);
    const answer = await answered;
    if (!answer.ok) throw new Refused(answer.error);
    return answer.data;
  }

  on<E extends ServerEventName>(event: E, listener: (payload: ServerEventPayload<E>) => void): void {
    this.events.on(event, listener);
  }

  onClose(listener: () => void): void {
    this.events.once('close', listener);
  }

  /** Whose client it is. */
  get actor(): Actor & Pick<SocketData, 'locale'> {
    return this.data;
  }

  get isOpen(): boolean {
    return this.connection.readyState === 'open';
  }

  close(): void {
    this.connection.close();
  }

  private take({ type, id = -1, data }: Packet): void {
    const [first, payload] = Array.isArray(data) ? (data as unknown[]) : [];
    if (type === PacketType.CONNECT) this.events.emit('connect', (data as { sid: string }).sid);
    else if (type === PacketType.CONNECT_ERROR)
      this.events.emit('connect_error', new Refused((data as { data: Failed }).data));
    else if (type === PacketType.EVENT) this.events.emit(String(first), payload);
    else if (type === PacketType.ACK) {
      this.answers.get(id)?.resolve(first as Ack<EventCall>);
      this.answers.delete(id);
    }
  }

  private end(): void {
    for (const { reject } of this.answers.values()) reject(new AppError('UNAVAILABLE'));
    this.answers.clear();
    this.events.emit('close');
  }
}
