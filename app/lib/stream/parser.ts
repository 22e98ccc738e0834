import { Decoder, Encoder, type Packet } from 'socket.io-parser';
import { Json, textOf } from '../../schema/json';

/** Writes events and acks that end with a `Json` as text, which is not parsed for it. All else is Socket.IO's. */
class JsonEncoder extends Encoder {
  override encode(packet: Packet): unknown[] {
    const args: unknown = packet.data;
    if (!Array.isArray(args) || !(args.at(-1) instanceof Json)) return super.encode(packet);
    const { type, nsp, id = '' } = packet;
    return [`${type}${nsp === '/' ? '' : `${nsp},`}${id}[${args.map(textOf).join()}]`];
  }
}

/** For Socket.IO's option of that name. */
export const parser = { Encoder: JsonEncoder, Decoder };
