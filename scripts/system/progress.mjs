import { readFileSync } from 'node:fs';

/** A long step begins. @param {string} text */
export const begin = text => console.log(`… ${text}`);

/** A step is done. @param {string} text */
export const done = text => console.log(`✓ ${text}`);

/**
 * @param {string} file
 * @returns {string} the last lines of a log, indented, for the end of an error message
 */
export function tail(file, lines = 20) {
  const text = readFileSync(file, 'utf8').trimEnd();
  const last = text
    ? text
        .split('\n')
        .slice(-lines)
        .map(line => `    ${line}`)
    : ['    (empty)'];
  return [`Last lines of ${file}:`, ...last].join('\n');
}
