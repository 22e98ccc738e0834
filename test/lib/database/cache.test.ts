import assert from 'node:assert/strict';
import { Cache } from '../../../app/lib/database/cache';

describe('a cache', () => {
  it('forgets what was used longest ago when it is full', () => {
    const cache = new Cache<string, number>(2);
    cache.set('a', 1);
    cache.set('b', 2);
    assert.equal(cache.get('a'), 1);
    cache.set('c', 3);
    assert.deepEqual(
      ['a', 'b', 'c'].map(key => cache.get(key)),
      [1, undefined, 3],
    );
  });

  it('counts what its entries weigh, and not how many they are', () => {
    const cache = new Cache<string, number>(10);
    cache.set('light', 1, 1);
    cache.set('heavy', 2, 8);
    cache.set('middle', 3, 5);
    assert.deepEqual(
      ['light', 'heavy', 'middle'].map(key => cache.get(key)),
      [undefined, undefined, 3],
    );
  });

  it('replaces a value with its weight', () => {
    const cache = new Cache<string, number>(10);
    cache.set('a', 1, 9);
    cache.set('a', 2, 1);
    cache.set('b', 3, 9);
    assert.deepEqual([cache.get('a'), cache.get('b')], [2, 3]);
  });

  it('does not keep what is heavier than all it may hold', () => {
    const cache = new Cache<string, number>(10);
    cache.set('a', 1, 11);
    assert.equal(cache.get('a'), undefined);
    cache.set('b', 2, 10);
    assert.equal(cache.get('b'), 2);
  });
});
