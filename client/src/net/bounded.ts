import type { Request } from '../api.js';
import { ImError } from '../error.js';

/** No server has a smaller bound: what is less need not be looked at. */
const SMALL = 4096;
/** What Socket.IO puts around an event. */
const AROUND = 100;

/**
 * Refuses an event of more bytes than `most` resolves with. The server ends the connection for one that is much too large, and would do
 * so again with every try.
 */
export function bounded(request: Request, most: () => Promise<number>): Request {
  return async (event, input) => {
    const text = JSON.stringify([event, input]);
    if (text.length > SMALL && bytesOf(text) + AROUND > (await most())) {
      throw new ImError('TOO_LARGE', 'The content is too large.');
    }
    return request(event, input);
  };
}

/** Of its UTF-8, also where there is no TextEncoder. */
function bytesOf(text: string): number {
  let bytes = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    // Each half of a pair has two of its four bytes.
    const isHalf = unit >= 0xd800 && unit < 0xe000;
    bytes += unit < 0x80 ? 1 : unit < 0x800 || isHalf ? 2 : 3;
  }
  return bytes;
}
