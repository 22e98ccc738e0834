import assert from 'node:assert/strict';
import { Budget } from '../../app/lib/queue/budget';
import { MiniProgram } from '../support/mini_program';
import { people, person } from '../support/person';
import { PrivateClient } from '../support/private_client';
import { refused } from '../support/refusal';
import { mm } from '../support/service';
import { WsClient } from '../support/ws_client';

/** Everybody has spent all until the end of the test. Returns who pays for what is read. */
function spendthrifts(): Set<unknown> {
  const payers = new Set<unknown>();
  mm(Budget.prototype, 'spend', (owner: unknown) => {
    payers.add(owner);
    return 1;
  });
  return payers;
}

describe('what is read of a client of an older protocol', () => {
  it('is paid by its user at /ws, also what nobody knows there, and goes on after a while', async () => {
    const ann = await person();
    const client = await WsClient.of(ann);
    const payers = spendthrifts();
    for (let sent = 0; sent < 5; sent++) await refused(client.ask('junk', sent), 'UNKNOWN_EVENT');
    assert.deepEqual([...payers], [Number(ann.id)]);
  });

  it('is paid by its user on a plain WebSocket', async () => {
    const [ann, bob] = await people(2);
    const page = await MiniProgram.open(ann, bob);
    await page.shows();
    const payers = spendthrifts();
    page.send([]);
    assert.ok(await page.refusal());
    page.say('fine');
    await page.shows('fine');
    assert.deepEqual([...payers], [Number(ann.id)]);
  });

  it('is paid by its address at /, and once it has said who it is, by its user', async () => {
    const ann = await person();
    const client = new PrivateClient(undefined);
    const payers = spendthrifts();
    client.emit('junk', {});
    assert.equal(await client.refusal(), 'NOT_FOUND');
    assert.ok(payers.size === 1 && !payers.has(Number(ann.id)));
    const known = await PrivateClient.open(ann);
    payers.clear();
    known.emit('junk', {});
    assert.equal(await known.refusal(), 'NOT_FOUND');
    assert.deepEqual([...payers], [Number(ann.id)]);
  });
});
