import { rolldown } from 'rolldown';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

/** Prints how large the whole client is for a page, minified and compressed, without Socket.IO; fails past its bound. */
const BOUND = 30_000;
const bundle = await rolldown({
  input: fileURLToPath(new URL('dist/esm/index.js', import.meta.url)),
  platform: 'browser',
  external: ['socket.io-client', 'engine.io-client'],
});
const { output } = await bundle.generate({ minify: true });
const size = gzipSync(output[0].code).length;
console.log(`egg-im-client: ${size} bytes, minified and gzipped, without socket.io-client; at most ${BOUND}`);
if (output.length > 1 || size > BOUND) process.exitCode = 1;
