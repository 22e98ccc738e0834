import assert from 'node:assert/strict';
import { Pages } from '../../../app/lib/queue/pages';

const forEver = () => new Promise<never>(() => undefined);
const turn = () => new Promise(setImmediate);

/** A reader who reads nothing until the connection is cut off. */
function sleeper() {
  let cut = () => {};
  const isCut = new Promise<void>(resolve => (cut = resolve));
  return { delivery: { sent: () => isCut, cut }, isCut };
}

describe('long answers', () => {
  let pages: Pages;
  beforeEach(() => (pages = new Pages()));
  afterEach(() => pages.stop());

  const taken = { sent: () => Promise.resolve(0), cut: () => assert.fail('was cut off') };

  it('are given to the caller when they are made, and fail as making them does', async () => {
    assert.equal(await pages.answer(1, () => Promise.resolve(7), { ...taken, sent: forEver }), 7);
    await assert.rejects(
      pages.answer(1, () => Promise.reject(new TypeError('a mistake')), taken),
      TypeError,
    );
  });

  it('are four at once of one user, who does not keep others waiting', async () => {
    let made = 0;
    const make = () => Promise.resolve(++made);
    for (let index = 0; index < 10; index++) void pages.answer(1, make, { ...taken, sent: forEver });
    await turn();
    assert.equal(made, 4);
    assert.equal(await pages.answer(2, make, taken), 5);
  });

  it('leave their place when they are sent, also when that fails', async () => {
    for (let index = 0; index < 10; index++) {
      await pages.answer(1, () => Promise.resolve(0), { ...taken, sent: () => Promise.reject(new Error('gone')) });
    }
  });

  it('are refused when too many of one user wait', async () => {
    const all = Array.from({ length: 205 }, () => pages.answer(1, forEver, taken));
    await assert.rejects(all.at(-1)!, { code: 'BUSY' });
  });

  it('are cut off after some time when others of the same user wait, and those of others are not', async () => {
    const readers = Array.from({ length: 4 }, sleeper);
    void pages.answer(2, () => Promise.resolve(0), { ...taken, sent: forEver });
    for (const { delivery } of readers) await pages.answer(1, () => Promise.resolve(0), delivery);
    assert.equal(await pages.answer(1, () => Promise.resolve(1), taken), 1);
    await Promise.race(readers.map(each => each.isCut));
  });

  it('of one user come no faster than the bytes of a budget, and those of others do', async () => {
    const page = () => Promise.resolve(6 << 20);
    const all = Array.from({ length: 6 }, () => pages.answer(1, page, taken));
    await Promise.all(all.slice(0, 4));
    const later = Promise.all(all.slice(4)).then(() => 'later');
    const others = pages.answer(2, page, taken).then(() => 'others');
    assert.equal(await Promise.race([later, others]), 'others');
    assert.equal(await later, 'later');
  });
});
