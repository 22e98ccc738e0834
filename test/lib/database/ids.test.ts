import assert from 'node:assert/strict';
import { newId, newSecretId } from '../../../app/lib/database/ids';

describe('an id', () => {
  it('is a whole number that JavaScript holds exactly, for decades to come', () => {
    const id = newId();
    assert.ok(Number.isSafeInteger(id) && id > 0);
    const year2090 = (Date.UTC(2090, 0, 1) - Date.UTC(2025, 0, 1)) * 4096 + 4095;
    assert.ok(Number.isSafeInteger(year2090));
    assert.match(String(year2090), /^[1-9][0-9]{0,15}$/);
  });

  it('grows with time', () => {
    const before = newId();
    const now = Date.now();
    while (Date.now() === now);
    assert.ok(newId() > before);
  });

  it('that has to stay secret is 22 characters of which no two are alike', () => {
    const ids = Array.from({ length: 1000 }, newSecretId);
    for (const id of ids) assert.match(id, /^[\w-]{22}$/);
    assert.equal(new Set(ids).size, 1000);
  });
});
