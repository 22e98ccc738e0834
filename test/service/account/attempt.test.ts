import assert from 'node:assert/strict';
import { behindProxies, from, limit } from '../../support/limits';
import { ask, people, person, type Person } from '../../support/person';
import { refused } from '../../support/refusal';
import { app, mm } from '../../support/service';

const HERE = '203.0.113.1';
const ELSEWHERE = '203.0.113.2';
const password = 'correct horse battery';

const login = ({ session: { user } }: Person, given: object = {}, address = HERE) =>
  ask('auth.login', { body: { account: user.account, password, ...given }, ...from(address) });
const guess = (ann: Person, given: object = {}, address = HERE) =>
  refused(login(ann, { password: 'a guess', ...given }, address), 'WRONG_CREDENTIALS');
const lockedOut = (ann: Person, given: object = {}, address = HERE) =>
  refused(login(ann, given, address), 'TOO_MANY_ATTEMPTS');

describe('an account that somebody attacks', () => {
  beforeEach(() => behindProxies(1));

  it('is closed to the address of the attacks for some minutes, also to the right password', async () => {
    const [ann, bob] = await people(2);
    await limit({ attempts: 3 });
    for (let attempt = 1; attempt <= 3; attempt++) await guess(ann);
    const { retryAfterMs = 0 } = await lockedOut(ann);
    assert.ok(retryAfterMs > 0 && retryAfterMs <= 300_000, `${retryAfterMs} ms`);
    await login(bob);
  });

  it('is not closed for longer by further tries', async () => {
    const ann = await person();
    await limit({ attempts: 1 });
    await guess(ann);
    const first = await lockedOut(ann);
    for (let attempt = 1; attempt <= 5; attempt++) {
      assert.ok((await lockedOut(ann)).retryAfterMs! <= first.retryAfterMs!);
    }
  });

  it('is open to its owner at another address, meanwhile', async () => {
    const ann = await person();
    await limit({ attempts: 3 });
    for (let index = 10; index < 20; index++) {
      for (let attempt = 1; attempt <= 3; attempt++) await guess(ann, {}, `203.0.113.${index}`);
      await lockedOut(ann, {}, `203.0.113.${index}`);
      await login(ann, {}, ELSEWHERE);
    }
  });

  it('is open to a device that has been in, also at the address of the attacks', async () => {
    const ann = await person();
    await limit({ attempts: 2, guesses: 3 });
    for (let attempt = 1; attempt <= 2; attempt++) await guess(ann);
    await lockedOut(ann, { deviceId: 'another' });
    const { deviceId } = ann;
    const again = await login(ann, { deviceId });
    const headers = { authorization: `Bearer ${again.accessToken}`, ...from(HERE).headers };
    await ask('auth.password', { body: { oldPassword: password, newPassword: 'another horse' }, headers });
  });

  it('is closed to a device that has been in when it guesses itself', async () => {
    const ann = await person();
    const { deviceId } = ann;
    await limit({ attempts: 2 });
    for (let attempt = 1; attempt <= 4; attempt++) await guess(ann, { deviceId });
    await lockedOut(ann, { deviceId });
    const headers = { authorization: `Bearer ${ann.session.accessToken}`, ...from(HERE).headers };
    const body = { oldPassword: password, newPassword: 'another horse' };
    await refused(ask('auth.password', { body, headers }), 'TOO_MANY_ATTEMPTS');
  });

  it('lets no more guesses through when they come at once', async () => {
    const ann = await person();
    await limit({ attempts: 3 });
    const guesses = await Promise.allSettled(Array.from({ length: 12 }, () => login(ann, { password: 'a guess' })));
    const codes = guesses.map(each => (each.status === 'rejected' ? String(each.reason) : ''));
    const looked = codes.filter(each => each.includes('WRONG_CREDENTIALS')).length;
    // Where Redis is late, the worker has counted some by itself.
    assert.ok(looked >= 3 && looked <= 6, `${looked} were looked at`);
    assert.equal(codes.filter(each => each.includes('TOO_MANY_ATTEMPTS')).length, 12 - looked);
  });

  it('counts from the beginning after the right password', async () => {
    const ann = await person();
    await limit({ attempts: 2, guesses: 3 });
    for (let round = 1; round <= 2; round++) {
      await guess(ann);
      await login(ann);
    }
    await guess(ann);
  });

  it('is named in the log with the address', async () => {
    const ann = await person();
    const lines: unknown[][] = [];
    mm(app.logger, 'info', (...line: unknown[]) => lines.push(line));
    await guess(ann);
    assert.deepEqual(lines.at(-1), ['wrong password for %s from %s', `default:${ann.session.user.account}`, HERE]);
  });
});

describe('an address that guesses passwords of many accounts', () => {
  it('is refused, with those that are not there too, and no other address', async () => {
    behindProxies(1);
    const [ann, bob, cat] = await people(3);
    await limit({ attempts: 10, guesses: 3 });
    for (const each of [ann, bob]) await guess(each);
    await guess(ann, { account: 'nobody' });
    await lockedOut(cat);
    await login(cat, {}, ELSEWHERE);
  });
});
