import assert from 'node:assert/strict';
import { networkOf } from '../../../app/lib/limit/address';

describe('the address that is counted', () => {
  for (const [given, counted] of [
    ['203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:0002::6', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::2:3:4:5:6:7:8', '0:2:3:4::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['unknown', undefined],
    ['203.0.113.7, 203.0.113.8', undefined],
    ['', undefined],
    [undefined, undefined],
  ]) {
    it(`of ${given} is ${counted}`, () => assert.equal(networkOf(given), counted));
  }
});
