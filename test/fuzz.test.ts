import assert from 'node:assert/strict';
import { fuzz } from '../bench/fuzz/fuzzer';
import { app, mm, url } from './support/service';

/*
 * Calls of all kinds, right and wrong, each answered as the documents say. FUZZ_SEED replays a run, FUZZ_CALLS makes a longer
 * one, and `npm run fuzz` does a hundred thousand on the built service.
 */
const SEED = Number(process.env.FUZZ_SEED ?? 1);
const CALLS = Number(process.env.FUZZ_CALLS ?? 10_000);
const ADMIN_TOKEN = 'the-admin-token-of-the-fuzzer-3kR8';

describe('calls made from the schemas, right and wrong', () => {
  it(`are answered as documented, ${CALLS} of them (FUZZ_SEED=${SEED})`, async function () {
    this.timeout(300_000);
    mm(app.config.im, 'adminToken', ADMIN_TOKEN);
    const errors: string[] = [];
    mm(app.getLogger('errorLogger').get('file')!, '_write', (line: string) => errors.push(line));
    const { offences, answers, kinds } = await fuzz({ url: url(), adminToken: ADMIN_TOKEN, seed: SEED, calls: CALLS });
    assert.deepEqual(offences.slice(0, 10), []);
    assert.deepEqual(errors.slice(0, 3), []);
    assert.equal(({} as { polluted?: number }).polluted, undefined);
    assert.equal(kinds.size, 45, 'there was something of each kind');
    const older = [...kinds].filter(([name]) => name.includes(': ')).reduce((sum, [, howMany]) => sum + howMany, 0);
    assert.ok(older > CALLS / 5 && older < CALLS / 4, `${older} came by older protocols`);
    const count = (code: string) => answers.get(code) ?? 0;
    assert.ok(count('OK') > CALLS / 5, `${count('OK')} were done`);
    assert.ok(count('INVALID_INPUT') > CALLS / 5, `${count('INVALID_INPUT')} were refused for their form`);
    assert.ok(count('refused') < CALLS / 100, `${count('refused')} found no connection`);
  });
});
