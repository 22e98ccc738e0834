import assert from 'node:assert/strict';
import { once } from 'node:events';
import { format } from 'node:util';
import { BoundedLog } from '../../app/lib/bounded_log';

/** A log whose windows end when the test says so, and the lines it has written. */
function bounded() {
  const lines: string[] = [];
  const log = new BoundedLog((level, args) => void lines.push(`${level} ${format(...args)}`.split('\n')[0]), 60_000);
  return { lines, log: log.log, endWindow: () => log.endWindow() };
}

const failure = (message: string, code?: string) => Object.assign(new Error(message), { code });

describe('a bounded log', () => {
  it('writes what comes again once, and then how often it came', () => {
    const { lines, log, endWindow } = bounded();
    for (let time = 0; time < 1000; time++) log('ERROR', ['%s is away', 'Redis']);
    assert.deepEqual(lines, ['ERROR Redis is away']);
    endWindow();
    assert.deepEqual(lines, ['ERROR Redis is away', 'ERROR 999 more times: Redis is away']);
    endWindow();
    assert.equal(lines.length, 2, 'nothing more came');
    log('ERROR', ['%s is away', 'Redis']);
    assert.equal(lines.length, 3, 'a new window has begun');
  });

  it('takes errors of one place for the same, whatever values they name, but not those of another code', () => {
    const { lines, log, endWindow } = bounded();
    for (const name of ['ann', 'bob', 'eve']) log('ERROR', [failure(`no place for ${name}`)]);
    for (const code of ['ER_ONE', 'ER_OTHER']) log('ERROR', [failure('no place', code)]);
    assert.deepEqual(lines, ['ERROR Error: no place for ann', 'ERROR Error: no place', 'ERROR Error: no place']);
    endWindow();
    assert.deepEqual(lines.slice(3), ['ERROR 2 more times: Error: no place for ann']);
  });

  it('tells lines of different words apart, but only so many', () => {
    const { lines, log, endWindow } = bounded();
    for (let port = 0; port < 5000; port++) log('WARN', ['from port %d', port]);
    assert.equal(lines.length, 100);
    endWindow();
    assert.deepEqual(lines.slice(100), ['WARN 4900 more lines of other kinds']);
  });

  it('lets everything else pass', () => {
    const { lines, log } = bounded();
    for (let time = 0; time < 3; time++) log('INFO', ['started']);
    assert.equal(lines.length, 3);
  });

  it('ends a window by itself', async () => {
    const written = new EventTarget();
    const log = new BoundedLog((_level, [words]) => void written.dispatchEvent(new Event(String(words))), 1);
    const told = once(written, '1 more times: again');
    log.log('WARN', ['again']);
    log.log('WARN', ['again']);
    await told;
  });
});
