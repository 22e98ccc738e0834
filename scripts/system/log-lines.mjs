// Egg's own lines, and in brackets those of the library that forks its workers.
const TIMED_LINE = /^\[?\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[,.]\d{3}\]? (\S+)/;
const NODE_NOTICE = /DeprecationWarning|ExperimentalWarning|node --trace-/;

/**
 * Egg's warnings and errors with the lines of their stacks, which follow without a time.
 * @param {AsyncIterable<string>} lines
 * @param {{ before: boolean }} options `before`: whether what comes ahead of the first line with a time is one, such as a compiler's error
 */
export async function* problems(lines, { before }) {
  let isProblem = before;
  for await (const line of lines) {
    const level = TIMED_LINE.exec(line)?.[1];
    if (level) isProblem = level === 'WARN' || level === 'ERROR';
    if (isProblem && !NODE_NOTICE.test(line)) yield line;
  }
}
