import { program } from './system/program.mjs';

await program(() => import('./node-line.mjs'));
