import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const COMPRESSIBLE = /\.(js|css|svg|json|html|webmanifest)$/;

/** Puts a .br and a .gz beside each file that becomes smaller so; that of index.html comes last. @param {string} dir */
export async function compressAll(dir) {
  const files = readdirSync(dir, { recursive: true }).filter(name => COMPRESSIBLE.test(name));
  for (const name of files.sort((a, b) => Number(a === 'index.html') - Number(b === 'index.html'))) {
    const path = join(dir, name);
    const content = readFileSync(path);
    const options = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } };
    writeFileSync(`${path}.br`, await promisify(brotliCompress)(content, options));
    writeFileSync(`${path}.gz`, await promisify(gzip)(content, { level: 9 }));
  }
}
