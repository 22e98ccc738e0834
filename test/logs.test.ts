import assert from 'node:assert/strict';
import { person } from './support/person';
import { answerTo } from './support/raw';
import { refused } from './support/refusal';
import { app, mm } from './support/service';

interface FileTransport {
  readonly options: { readonly file: string };
  _write(line: string): void;
}

const files = () =>
  [...app.loggers.values()].flatMap(logger =>
    [(logger.get('file') as unknown as FileTransport | undefined) ?? []].flat(),
  );

/** Bytes that the log grows by while `work` runs. */
async function growth(work: () => Promise<unknown>): Promise<number> {
  let bytes = 0;
  for (const file of files()) mm(file, '_write', (line: string) => (bytes += Buffer.byteLength(line)));
  await work();
  mm.restore();
  return bytes;
}

const each = async (times: number, work: () => Promise<unknown>) => {
  for (let time = 0; time < times; time++) await work();
};

describe('the log', () => {
  it('does not grow by what callers do wrong', async () => {
    const trace = 'TRACE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    assert.ok((await growth(() => each(2000, () => answerTo(trace)))) < 10_000);
    assert.ok((await growth(() => each(2000, () => answerTo('SMELL / HTTP/1.1\r\n\r\n')))) < 10_000);
    const ann = await person();
    assert.ok(
      (await growth(() => each(100, () => refused(ann.ask('group.show', { id: 'x' }), 'INVALID_INPUT')))) < 1000,
    );
  });

  it('has a failure of the service that repeats once, with its stack', async () => {
    const ann = await person();
    app.model.User.addHook('beforeUpdate', 'sabotage', user => void user.set('name', 'x'.repeat(1000)));
    try {
      const fail = () => refused(ann.ask('user.update', { body: { name: 'Ann' } }), 'INTERNAL');
      const [once, often] = [await growth(fail), await growth(() => each(100, fail))];
      assert.ok(once > 500 && once + often < 20_000, `${once} bytes, and then ${often}`);
    } finally {
      app.model.User.removeHook('beforeUpdate', 'sabotage');
    }
  });

  it('is bounded on the disk', () => {
    const { filesRotateBySize, maxFileSize, maxFiles } = app.config.logrotator;
    const written = files().map(({ options }) => options.file);
    assert.ok(written.length >= 4);
    for (const file of written) assert.ok(filesRotateBySize.includes(file), `${file} is not rotated by its size`);
    assert.ok(filesRotateBySize.length * maxFileSize * (maxFiles + 1) < 500e6);
  });
});
