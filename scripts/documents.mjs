import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './system/paths.mjs';

const require = createRequire(import.meta.url);
require('ts-node/register/transpile-only');
const { protocolMarkdown } = require('../app/documents/protocol');
const { configurationMarkdown } = require('../app/documents/configuration');

const documents = { 'docs/protocol.md': protocolMarkdown, 'docs/configuration.md': configurationMarkdown };
for (const [path, write] of Object.entries(documents)) {
  writeFileSync(join(root, path), write());
  console.log(`written: ${path}`);
}
