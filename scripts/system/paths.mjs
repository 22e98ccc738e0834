import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** A place for what belongs to this checkout alone: private servers, logs, locks. @param {...string} parts */
export const local = (...parts) => join(root, '.local', ...parts);

/** As people write it in a terminal that stands in the repository. @param {string} path */
export const short = path => relative(root, path);
