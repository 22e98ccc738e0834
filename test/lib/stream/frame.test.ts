import assert from 'node:assert/strict';
import { WebSocket } from 'ws';
import { textFrame } from '../../../app/lib/stream/frame';

/** What the types of `ws` leave out. */
interface Internals {
  readonly Sender: { frame(data: Buffer, options: object): Buffer[] };
}

/** What the library for WebSockets makes of the same text. */
function frameOf(text: string): Buffer {
  const { Sender } = WebSocket as unknown as Internals;
  return Buffer.concat(Sender.frame(Buffer.from(text), { mask: false, rsv1: false, opcode: 1, fin: true }));
}

describe('a frame of text', () => {
  it('is what the library for WebSockets makes, whatever its length', () => {
    for (const length of [0, 1, 125, 126, 127, 65_535, 65_536, 200_000]) {
      const tail = 'x'.repeat(Math.max(0, length - 1));
      const head = length > 0 ? '4' : '';
      assert.deepEqual(textFrame(head, Buffer.from(tail)), frameOf(head + tail), `${length} bytes`);
    }
  });

  it('counts bytes and not characters', () => {
    const tail = '你好 🙂'.repeat(20);
    assert.deepEqual(textFrame('42', Buffer.from(tail)), frameOf(`42${tail}`));
  });
});
