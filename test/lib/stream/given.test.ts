import assert from 'node:assert/strict';
import { Given } from '../../../app/lib/stream/given';

const single = (conversationId: number, seq: number, syncSeq: number) => ({ conversationId, seq, syncSeq });

/** A connection whose device has acknowledged everything before entry 10. */
function level(): Given {
  const given = new Given();
  given.push(9, 9, []);
  given.take(9);
  return given;
}

describe('what a connection was given', () => {
  it('is known once an acknowledgement of what was before it was looked up', () => {
    const given = new Given();
    given.push(10, 11, [single(1, 5, 11)]);
    assert.equal(given.knows(11), false, 'of entry 9 nothing is known');
    assert.deepEqual(given.take(10), []);
    assert.equal(given.knows(11), true);
    assert.deepEqual(given.take(11), [single(1, 5, 11)]);
    assert.deepEqual(given.take(11), []);
  });

  it('is the last message of each single conversation up to the place', () => {
    const given = level();
    given.push(10, 10, [single(1, 1, 10)]);
    given.push(11, 12, [single(2, 7, 11), single(1, 2, 12)]);
    assert.deepEqual(given.take(11), [single(2, 7, 11)]);
    assert.deepEqual(given.take(12), [single(1, 2, 12)]);
  });

  it('is not known where a push is missing, until a place behind that is looked up', () => {
    const given = level();
    given.push(10, 10, [single(1, 1, 10)]);
    given.push(12, 12, [single(1, 3, 12)]);
    assert.deepEqual([given.knows(10), given.knows(12)], [false, false]);
    given.take(11);
    assert.equal(given.knows(12), true);
    assert.deepEqual(given.take(12), [single(1, 3, 12)]);
  });

  it('is not more than was pushed', () => {
    const given = level();
    assert.equal(given.knows(10), false);
    // Pulled, and looked up.
    given.take(20);
    given.push(21, 21, []);
    assert.equal(given.knows(21), true);
  });

  it('is looked up again when it was taken and not stored', () => {
    const given = level();
    given.push(10, 10, [single(1, 1, 10)]);
    given.take(10);
    given.lose();
    assert.equal(given.knows(10), false);
  });

  it('is bounded: of more conversations than are remembered all are looked up', () => {
    const given = level();
    for (let place = 10; place < 210; place++) given.push(place, place, [single(place, 1, place)]);
    assert.equal(given.knows(209), true);
    given.push(210, 210, [single(210, 1, 210)]);
    assert.equal(given.knows(210), false);
  });
});
