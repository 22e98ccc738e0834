import assert from 'node:assert/strict';
import { isoOf } from '../../app/schema/iso_time';

describe('a time as text', () => {
  it('is what the language itself makes of it, before 1970 and after 9999 too', () => {
    const days = [0, -1, 1, 20_000, -20_000, 3_000_000, -800_000, 20_000];
    for (const day of days) {
      for (const ms of [0, 1, 999, 1000, 59_999, 60_000, 3_599_999, 3_600_000, 45_296_789, 86_399_999]) {
        const time = new Date(day * 86_400_000 + ms);
        assert.equal(isoOf(time), time.toISOString());
      }
    }
  });

  it('is none of a time that is none', () => {
    assert.throws(() => isoOf(new Date(NaN)), RangeError);
    assert.equal(isoOf(new Date(0)), '1970-01-01T00:00:00.000Z');
  });
});
