import { Decoder, Encoder, PacketType, type Packet } from 'socket.io-parser';
import { AppError } from '../../schema/errors';
import { Json, textOf } from '../../schema/json';
import { isObject } from '../../schema/validate';
import { newSecretId } from '../database/ids';

/** What a packet brings in place of its payload when it is too large; nobody can guess the name of the field. */
const OVERSIZE = newSecretId();

/** The beginning of an event as text: type, namespace, number and name. */
const HEAD = /^2(?:\/[^,]*,)?\d*\["(?:[^"\\]|\\.)*"/;

export interface ParserOptions {
  /** Bytes of an event; a larger one is not read, and `oversizeOf` knows its payload. */
  readonly packetMaxBytes: number;
  /** What a client is told that connects to a namespace that does not exist. */
  readonly noNamespace: () => { readonly message: string; readonly data: object };
}

/** The bytes of the event of which this is the payload, when they were too many. */
export function oversizeOf(payload: unknown): number | undefined {
  const size = isObject(payload) ? payload[OVERSIZE] : undefined;
  return typeof size === 'number' ? size : undefined;
}

/** Throws TOO_LARGE. */
export function requireSize(payload: unknown, limit: number): void {
  const size = oversizeOf(payload);
  if (size !== undefined) throw new AppError('TOO_LARGE', { path: '/', size, limit });
}

/** For Socket.IO's option of that name. */
export function parserOf({ packetMaxBytes, noNamespace }: ParserOptions) {
  /** Writes events and acks that end with a `Json` as text, which is not parsed for it. All else is Socket.IO's. */
  class JsonEncoder extends Encoder {
    override encode(packet: Packet): unknown[] {
      if (packet.type === PacketType.CONNECT_ERROR) return this.refusal(packet);
      const args: unknown = packet.data;
      if (!Array.isArray(args) || !(args.at(-1) instanceof Json)) return super.encode(packet);
      const { type, nsp, id = '' } = packet;
      return [`${type}${nsp === '/' ? '' : `${nsp},`}${id}[${args.map(textOf).join()}]`];
    }

    /** With a goodbye behind it: without, clients before 4.1 would come back every ten seconds. */
    private refusal(packet: Packet): unknown[] {
      const { nsp, data } = packet as { nsp: string; data: { message?: string } };
      const told = data.message === 'Invalid namespace' ? noNamespace() : data;
      const refused: unknown[] = super.encode({ ...packet, data: told });
      const goodbye: unknown[] = super.encode({ type: PacketType.DISCONNECT, nsp });
      return [...refused, ...goodbye];
    }
  }

  /** Takes events that are too large without their payload, so that they can be answered. */
  class BoundedDecoder extends Decoder {
    override add(chunk: unknown): void {
      const size = typeof chunk === 'string' ? Buffer.byteLength(chunk) : 0;
      const [head] = (size > packetMaxBytes && HEAD.exec(String(chunk))) || [];
      super.add(head ? `${head},{"${OVERSIZE}":${size}}]` : chunk);
    }
  }

  return { Encoder: JsonEncoder, Decoder: BoundedDecoder };
}
