import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { getPriority } from 'node:os';
import { setImmediate as turn } from 'node:timers/promises';
import { Inspector } from '../../../app/lib/media/inspect/inspector';
import { AppError } from '../../../app/schema/errors';
import { fileOf, noise, plain, removeFiles } from '../../support/samples';

const [ANN, BOB] = [1, 2];

describe('the inspector of files', () => {
  const options = { pixels: 40_000_000, timeoutMs: 60_000, idleMs: 60_000 };
  const inspector = new Inspector(options);
  let picture: string;

  const inspect = (userId = ANN) => inspector.inspect(userId, picture);
  const refused = (work: Promise<unknown>, code: string) =>
    assert.rejects(work, error => error instanceof AppError && error.code === code);

  before(async () => {
    picture = await fileOf(await noise(60, 40).png().toBuffer());
  });

  after(async () => {
    inspector.stop();
    await removeFiles();
  });

  /** The child, which does nothing more until it is told to go on. */
  async function stoppedChild(): Promise<number> {
    await inspect();
    const { pid } = inspector;
    process.kill(pid!, 'SIGSTOP');
    return pid!;
  }

  /** The session of a process, by which the processor is shared, and its priority; where Linux has no such thing as that of the child. */
  const sessionOf = (pid: number) =>
    existsSync(`/proc/${pid}/autogroup`) ? readFileSync(`/proc/${pid}/autogroup`, 'utf8').trim() : `${pid} nice 19`;

  it('works in a process of its own, which comes after all others and knows no secret', async () => {
    await inspect();
    const { pid } = inspector;
    assert.notEqual(pid, process.pid);
    const threads = readdirSync(`/proc/${pid}/task`).map(Number);
    assert.ok(threads.length > 1);
    assert.deepEqual([...new Set(threads.map(each => getPriority(each)))], [19]);
    assert.match(sessionOf(pid!), / nice 19$/);
    assert.notEqual(sessionOf(pid!), sessionOf(process.pid));
    assert.equal(readFileSync(`/proc/${pid}/oom_score_adj`, 'utf8'), '1000\n');
    const names = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').filter(Boolean);
    assert.deepEqual(
      names.filter(each => !/^(VIPS_WARNING|NODE_CHANNEL_\w+)=/.test(each)),
      [],
    );
    await inspect();
    assert.equal(inspector.pid, pid);
  });

  it('gives up a file that takes too long, and goes on with the next in another process', async () => {
    const stopped = await stoppedChild();
    options.timeoutMs = 50;
    const late = inspect();
    options.timeoutMs = 60_000;
    const next = inspect();
    await refused(late, 'BUSY');
    assert.equal((await next).kind, 'image');
    assert.notEqual(inspector.pid, stopped);
  });

  it('refuses a file that breaks its reader, and goes on with the next', async () => {
    for (const [signal, code] of [
      ['SIGSEGV', 'INVALID_INPUT'],
      // A system that is short of memory kills; the file may be a good one.
      ['SIGKILL', 'BUSY'],
    ] as const) {
      const stopped = await stoppedChild();
      const [broken, next] = [inspect(), inspect()];
      process.kill(stopped, signal);
      process.kill(stopped, 'SIGCONT');
      await refused(broken, code);
      assert.equal((await next).kind, 'image');
      assert.notEqual(inspector.pid, stopped);
    }
  });

  it('takes users in turn, and does not let one of them fill the queue', async () => {
    const stopped = await stoppedChild();
    const done: number[] = [];
    const note = async (userId: number) => {
      await inspect(userId);
      done.push(userId);
    };
    const all = Array.from({ length: 33 }, () => note(ANN));
    await refused(inspect(), 'BUSY');
    all.push(note(BOB));
    process.kill(stopped, 'SIGCONT');
    await Promise.all(all);
    // Behind what was under way, and what came before it in turn.
    assert.deepEqual([done.indexOf(BOB), done.length], [2, 34]);
  });

  it('costs this process no memory', async () => {
    const large = await fileOf(
      await plain(8000, 5000).jpeg({ progressive: true }).withMetadata({ orientation: 6 }).toBuffer(),
    );
    await inspector.inspect(ANN, large);
    const before = process.memoryUsage.rss();
    for (let times = 0; times < 5; times++) await inspector.inspect(ANN, large);
    const grown = process.memoryUsage.rss() - before;
    // One such picture has 120 MB.
    assert.ok(grown < 40_000_000, `${grown} bytes`);
  });

  it('ends its process when there is nothing to do, and begins another for the next file', async () => {
    const resting = new Inspector({ ...options, idleMs: 0 });
    assert.equal((await resting.inspect(ANN, picture)).kind, 'image');
    while (resting.pid) await turn();
    assert.equal((await resting.inspect(ANN, picture)).kind, 'image');
    resting.stop();
  });

  it('does not outlive its worker', async () => {
    const child = fork(require.resolve('../../../app/lib/media/inspect/child'), {
      env: { ...process.env, TS_NODE_TRANSPILE_ONLY: 'true' },
    });
    const ended = once(child, 'exit');
    child.disconnect();
    assert.deepEqual(await ended, [0, null]);
  });

  it('tells of a full disk, and takes the next file when there is room', async function () {
    // A device of Linux that is always full.
    if (!existsSync('/dev/full')) this.skip();
    const path = await fileOf(readFileSync(picture));
    symlinkSync('/dev/full', `${path}.thumbnail`);
    await refused(inspector.inspect(ANN, path), 'UNAVAILABLE');
    assert.equal((await inspector.inspect(ANN, path)).kind, 'image');
  });

  it('gives up what is under way when the service ends', async () => {
    await stoppedChild();
    const underWay = inspect();
    inspector.stop();
    await refused(underWay, 'BUSY');
  });

  it('tells of a mistake of ours as what it is', async () => {
    await assert.rejects(inspector.inspect(ANN, '/nowhere/to/be/found'), { code: 'ENOENT' });
  });
});
