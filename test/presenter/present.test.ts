import assert from 'node:assert/strict';
import { present } from '../../app/presenter/present';

describe('presenting values', () => {
  it('what is not set is left out', () => {
    assert.deepEqual(present({ a: null, b: undefined, c: 'c' }), { c: 'c' });
  });

  it('values that are empty, zero or false are set', () => {
    assert.deepEqual(present({ text: '', number: 0, truth: false }), { text: '', number: 0, truth: false });
  });
});
