import { program } from './system/program.mjs';

await program(() => import('./mysql-line.mjs'));
