import assert from 'node:assert/strict';
import { PacketType, type Packet } from 'socket.io-parser';
import { oversizeOf, parserOf } from '../../../app/lib/stream/parser';
import { Json, jsonObject } from '../../../app/schema/json';

const parser = parserOf({ packetMaxBytes: 100, noNamespace: () => ({ message: 'NOT_FOUND', data: { use: '/im' } }) });
const encode = (packet: Packet) => new parser.Encoder().encode(packet);

/** What a client makes of a packet. */
function decoded(packets: unknown[]): Packet {
  const decoder = new parser.Decoder();
  const got: Packet[] = [];
  decoder.on('decoded', (packet: Packet) => got.push(packet));
  for (const packet of packets) decoder.add(packet);
  return got[0];
}

describe('a packet that ends with JSON text', () => {
  const value = { text: 'a ] " \\ 7, \u2028', list: [1, null] };
  const json = new Json(JSON.stringify(value));

  it('is what Socket.IO would make of the value, as event and as ack, in any namespace', () => {
    for (const nsp of ['/', '/im']) {
      for (const [plain, quick] of [
        [{ type: PacketType.EVENT, nsp, data: ['sync:push', value] }, ['sync:push', json]],
        [{ type: PacketType.EVENT, nsp, id: 0, data: ['a"b', 1, value] }, ['a"b', 1, json]],
        [{ type: PacketType.ACK, nsp, id: 12, data: [value] }, [json]],
      ] as const) {
        const packets = encode({ ...plain, data: quick });
        assert.deepEqual(packets, encode({ ...plain, data: [...plain.data] }));
        assert.deepEqual(decoded(packets), plain);
      }
    }
  });

  it('is told from all others, which Socket.IO encodes', () => {
    for (const [packet, written] of [
      [{ type: PacketType.CONNECT, data: { sid: 'x' } }, '0/im,{"sid":"x"}'],
      [{ type: PacketType.ACK, id: 3, data: [{ ok: false }] }, '3/im,3[{"ok":false}]'],
      [{ type: PacketType.DISCONNECT }, '1/im,'],
    ] as const) {
      assert.deepEqual(encode({ nsp: '/im', ...packet }), [written]);
    }
    const nested = encode({ type: PacketType.ACK, nsp: '/im', id: 4, data: [{ data: json }] });
    assert.deepEqual(decoded(nested).data, [{ data: value }], 'JSON text within another value is the value');
    assert.equal(jsonObject({ data: json }).text, JSON.stringify({ data: value }));
  });
});

describe('a refused connection', () => {
  const refusal = (data: object) => encode({ type: PacketType.CONNECT_ERROR, nsp: '/x', data });

  it('ends with a goodbye', () => {
    assert.deepEqual(refusal({ message: 'x' }), ['4/x,{"message":"x"}', '1/x,']);
  });

  it('is told where to go when there is no such namespace', () => {
    const told = '4/x,{"message":"NOT_FOUND","data":{"use":"/im"}}';
    assert.deepEqual(refusal({ message: 'Invalid namespace' }), [told, '1/x,']);
  });
});

describe('an event over the limit', () => {
  const event = (text: string) => `2/im,7["a\\"b",${JSON.stringify({ text })}]`;

  it('comes without its payload, but with its size, name and number', () => {
    const large = event('é'.repeat(60));
    const packet = decoded([large]);
    const [name, payload] = packet.data as unknown[];
    assert.deepEqual([packet.id, packet.nsp, name, oversizeOf(payload)], [7, '/im', 'a"b', Buffer.byteLength(large)]);
  });

  it('is told from one that is just within it, and from what is no event', () => {
    const text = 'x'.repeat(100 - event('').length);
    const [, payload] = decoded([event(text)]).data as unknown[];
    assert.deepEqual([payload, oversizeOf(payload)], [{ text }, undefined]);
    for (const other of [undefined, null, 'x', {}, { size: 1 }]) assert.equal(oversizeOf(other), undefined);
    const connect = `0/im,${JSON.stringify({ token: 'x'.repeat(200) })}`;
    assert.equal(decoded([connect]).type, PacketType.CONNECT);
  });
});
