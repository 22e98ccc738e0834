import { once } from 'node:events';
import { createInterface } from 'node:readline';

// Egg's own lines, and in brackets those of the library that forks its workers.
const TIMED_LINE = /^\[?\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[,.]\d{3}\]? (\S+)/;
const NODE_NOTICE = /DeprecationWarning|ExperimentalWarning|node --trace-/;

/**
 * @param {NodeJS.ReadableStream} stream
 * @param {NodeJS.WritableStream} file gets every line
 * @param {(line: string) => void} show
 * @returns {Promise<unknown>} when the stream has ended
 */
export function copyLines(stream, file, show) {
  const lines = createInterface({ input: stream });
  lines.on('line', line => {
    file.write(`${line}\n`);
    show(line);
  });
  return once(lines, 'close');
}

/**
 * Passes on Egg's warnings and errors with the lines of their stacks, which follow without a time.
 * @param {(line: string) => void} show
 * @param {{ before: boolean }} options `before`: whether to show what comes ahead of the first line with a time, such as a compiler's error
 * @returns {(line: string) => void}
 */
export function problemsOnly(show, { before }) {
  let isProblem = before;
  return line => {
    const level = TIMED_LINE.exec(line)?.[1];
    if (level) isProblem = level === 'WARN' || level === 'ERROR';
    if (isProblem && !NODE_NOTICE.test(line)) show(line);
  };
}
