import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { root } from './system/paths.mjs';

const require = createRequire(import.meta.url);
require('ts-node/register/transpile-only');
const { CLIENT_PAGE, writtenPages: pages } = require('../app/documents/pages');
const { clientReference } = require('../app/documents/client_reference');
const { clientTypes, CLIENT_TYPES } = require('../app/documents/client_types');

const docs = join(root, 'docs');
for (const { path, markdown } of pages) {
  mkdirSync(dirname(join(docs, path)), { recursive: true });
  writeFileSync(join(docs, path), markdown);
  console.log(`written: docs/${path}`);
}
// The folder of the reference holds nothing else.
for (const name of readdirSync(join(docs, 'reference'))) {
  if (pages.some(({ path }) => path === `reference/${name}`)) continue;
  rmSync(join(docs, 'reference', name));
  console.log(`removed: docs/reference/${name}`);
}
const types = join(root, CLIENT_TYPES);
writeFileSync(types, await format(clientTypes(), { ...(await resolveConfig(types)), filepath: types }));
console.log(`written: ${CLIENT_TYPES}`);
// What the client exports depends on these types.
await import('../client/build.mjs');
writeFileSync(join(docs, CLIENT_PAGE), clientReference());
console.log(`written: docs/${CLIENT_PAGE}`);
