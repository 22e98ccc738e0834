import assert from 'node:assert/strict';
import { bounded } from '../../../app/lib/media/bounded';

const bounds = { image: 10_000, video: 40_000, voice: 20_000, file: 80_000 };
const PNG = '\x89PNG\r\n\x1a\n';

/** A file of so many bytes with this beginning, in chunks, and how many of its bytes were asked for. */
function fileOf(size: number, { beginning = PNG, chunk = 1000, least = 0 } = {}) {
  const whole = Buffer.alloc(size);
  whole.write(beginning, 'latin1');
  const told = { asked: 0 };
  async function* content() {
    for (let from = 0; from < size; from += chunk) {
      const part = await Promise.resolve(whole.subarray(from, from + chunk));
      told.asked += part.length;
      yield part;
    }
  }
  return { whole, told, incoming: { content: content(), least } };
}

async function read({ incoming }: ReturnType<typeof fileOf>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of bounded(incoming, bounds)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const refusal = (limit: number) => ({ code: 'TOO_LARGE', details: { limit } });

describe('a file that still comes in', () => {
  it('is passed on as it is, up to the bound of its kind', async () => {
    for (const [beginning, size] of [
      [PNG, bounds.image],
      ['....ftypisom', bounds.video],
      ['OggS', bounds.voice],
      ['%PDF-1.7', bounds.file],
    ] as const) {
      const file = fileOf(size, { beginning });
      assert.deepEqual(await read(file), file.whole);
      await assert.rejects(read(fileOf(size + 1, { beginning })), refusal(size));
    }
  });

  it('may be short, or of nothing at all', async () => {
    for (const size of [0, 1, 4095, 4096, 4097]) assert.equal((await read(fileOf(size))).length, size);
  });

  it('is of the kind that its first bytes tell, however small its chunks are', async () => {
    for (const chunk of [1, 3, 4096, 100_000]) {
      await assert.rejects(read(fileOf(bounds.image + 1, { chunk })), refusal(bounds.image));
    }
  });

  it('is read no further than it is known to be too large', async () => {
    const file = fileOf(bounds.file);
    await assert.rejects(read(file), refusal(bounds.image));
    assert.equal(file.told.asked, bounds.image + 1000);
  });

  it('is refused by its first bytes where it says that it will be too large', async () => {
    const file = fileOf(bounds.image, { least: bounds.image + 1 });
    await assert.rejects(read(file), refusal(bounds.image));
    assert.equal(file.told.asked, 5000, 'the first 4,096 bytes, in whole chunks');
    assert.equal((await read(fileOf(bounds.image, { least: bounds.image }))).length, bounds.image);
  });

  it('is refused in the end where its bound is less than what tells its kind', async () => {
    const least = { ...bounds, image: 100 };
    const read = async (size: number) => {
      for await (const chunk of bounded(fileOf(size).incoming, least)) assert.ok(chunk.length);
    };
    await read(100);
    await assert.rejects(read(101), refusal(100));
  });

  it('fails as its source does', async () => {
    async function* broken() {
      yield await Promise.resolve(Buffer.from(PNG, 'latin1'));
      throw new Error('broken off');
    }
    await assert.rejects(async () => {
      for await (const chunk of bounded({ content: broken(), least: 0 }, bounds)) assert.ok(chunk.length);
    }, /broken off/);
  });
});
