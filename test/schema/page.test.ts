import assert from 'node:assert/strict';
import { Json } from '../../app/schema/json';
import { pageOf, pageWithin, PART, partsOf } from '../../app/schema/page';

/** A list of so many items, each of so many bytes of JSON, and the parts of it that were read: after which, and how many at most. */
function listOf(howMany: number, bytes = 2) {
  const reads: [number | undefined, number][] = [];
  const read = (limit: number, after?: number) => {
    reads.push([after, limit]);
    const rows = Array.from({ length: howMany }, (_, index) => index + 1)
      .filter(row => row > (after ?? 0))
      .slice(0, limit);
    return Promise.resolve({ rows, items: rows.map(row => new Json<number>(String(row).padStart(bytes, ' '))) });
  };
  return {
    reads,
    page: (limit: number, most = 1000) => pageWithin({ limit, bytes: most }, read, last => `after ${last}`),
  };
}

describe('a page of a list', () => {
  it('has a cursor when it is full, and none when it is the last', () => {
    assert.deepEqual(pageOf(['a', 'b'], [1, 2], 2, String), { items: ['a', 'b'], nextCursor: '2' });
    assert.deepEqual(pageOf(['a', 'b'], [1, 2], 3, String), { items: ['a', 'b'] });
    assert.deepEqual(pageOf([], [], 3, String), { items: [] });
  });

  it('is known by its rows, of which not all may be shown', () => {
    assert.deepEqual(pageOf(['b'], [1, 2], 2, String), { items: ['b'], nextCursor: '2' });
  });
});

describe('a cursor', () => {
  it('gives its parts, and is refused when it is of another list', () => {
    assert.deepEqual(partsOf('12-x', /^(\d+)-(\w)$/), ['12', 'x']);
    for (const wrong of ['', '12', '12-xy', ' 12-x', "12-x' OR 1=1"]) {
      assert.throws(() => partsOf(wrong, /^(\d+)-(\w)$/), {
        code: 'INVALID_INPUT',
        details: [{ path: '/cursor', message: 'not a cursor of this list' }],
      });
    }
  });
});

describe('a page of items that may be long', () => {
  it('ends with so many items', async () => {
    const { items, nextCursor } = await listOf(5).page(3);
    assert.deepEqual([items.length, nextCursor], [3, 'after 3']);
  });

  it('ends with the list, and says so', async () => {
    for (const limit of [4, 200]) {
      const { items, nextCursor } = await listOf(3).page(limit);
      assert.deepEqual([items.length, nextCursor], [3, undefined]);
    }
    assert.deepEqual(await listOf(0).page(3), { items: [] });
  });

  it('ends before the item with which it would be too long, which begins the next', async () => {
    const { page } = listOf(5, 10);
    assert.deepEqual(
      [(await page(5, 30)).items.length, (await page(5, 30)).nextCursor],
      [3, 'after 3'],
      'exactly as long',
    );
    assert.deepEqual([(await page(5, 29)).items.length, (await page(5, 29)).nextCursor], [2, 'after 2']);
    assert.equal((await page(5, 50)).items.length, 5);
  });

  it('has one item, however long that is', async () => {
    const { items, nextCursor } = await listOf(5, 100).page(5, 1);
    assert.deepEqual([items.length, nextCursor], [1, 'after 1']);
    assert.deepEqual((await listOf(1, 100).page(5, 1)).nextCursor, undefined);
  });

  it('counts bytes, not characters', async () => {
    const read = () => Promise.resolve({ rows: [1, 2], items: ['"好"', '"好"'].map(text => new Json<string>(text)) });
    const page = await pageWithin({ limit: 5, bytes: 9 }, read, String);
    assert.deepEqual([page.items.length, page.nextCursor], [1, '1']);
  });

  it('is read in parts, each after the last row of the one before, and no further than it goes', async () => {
    const { reads, page } = listOf(1000);
    await page(2 * PART + 7, 1 << 20);
    assert.deepEqual(reads, [
      [undefined, PART],
      [PART, PART],
      [2 * PART, 7],
    ]);
    reads.length = 0;
    await page(1000, PART);
    assert.equal(reads.length, 1, 'nothing is read that it would not hold');
  });
});
