import { program } from './system/program.mjs';

await program(() => import('./suite.mjs'));
