import { program } from './system/program.mjs';

await program(() => import('./import/run.mjs'));
