/**
 * A text frame as a server sends it over WebSocket (RFC 6455, section 5.2): whole and not masked. What many connections are sent is
 * encoded once: `tail`, which is UTF-8, stands behind `head`, which is ASCII.
 */
export function textFrame(head: string, tail: Buffer): Buffer {
  const length = head.length + tail.length;
  const frame = Buffer.allocUnsafe(headerBytes(length) + length);
  frame[0] = FINAL_TEXT;
  let at = 2;
  if (length < 126) {
    frame[1] = length;
  } else if (length < 1 << 16) {
    frame[1] = 126;
    at = frame.writeUInt16BE(length, at);
  } else {
    frame[1] = 127;
    at = frame.writeBigUInt64BE(BigInt(length), at);
  }
  at += frame.write(head, at, 'latin1');
  tail.copy(frame, at);
  return frame;
}

const FINAL_TEXT = 0x81;

function headerBytes(length: number): number {
  if (length < 126) return 2;
  return length < 1 << 16 ? 4 : 10;
}
