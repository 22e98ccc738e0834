import { program } from './system/program.mjs';

await program(() => import('./serve.mjs'), { interrupted: 0 });
