import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { Passwords } from '../../../app/lib/auth/passwords';
import { AppError } from '../../../app/schema/errors';

const isBusy = (error: unknown) => error instanceof AppError && error.code === 'BUSY';

describe('passwords', () => {
  it('are recognised by their hash, and nobody is without one', async () => {
    const passwords = new Passwords();
    const hash = await passwords.hash('ann', 'correct horse');
    assert.match(hash, /^\$argon2id\$/);
    assert.equal(await passwords.verify('ann', hash, 'correct horse'), true);
    assert.equal(await passwords.verify('ann', hash, 'wrong horse'), false);
    assert.equal(await passwords.verify('nobody', undefined, 'no account has this password, nor any other'), false);
  });

  it('of six hundred logins from one address do not hold up another login, or a file', async () => {
    const passwords = new Passwords();
    const done: string[] = [];
    const login = (owner: string) => passwords.hash(owner, 'correct horse').then(() => done.push(owner));
    const attack = Array.from({ length: 600 }, () => login('mallory'));
    const file = stat(__filename).then(() => done.push('file'));
    const ann = login('ann');
    const results = await Promise.allSettled(attack);
    await Promise.all([file, ann]);

    const refused = results.flatMap(each => (each.status === 'rejected' ? [each.reason as unknown] : []));
    assert.ok(refused.length >= 460, `${refused.length} refused`);
    assert.ok(refused.every(isBusy));
    assert.ok(done.indexOf('file') <= 2, done.join());
    // Before her come those that were being hashed when she came, and one whose turn it was.
    assert.ok(done.indexOf('ann') <= 4, done.join());
  });

  it('are refused with BUSY when too many wait, whoever they are of', async () => {
    const passwords = new Passwords();
    const all = await Promise.allSettled(
      Array.from({ length: 300 }, (_, index) => passwords.verify(`p${index}`, undefined, 'x')),
    );
    const failures = all.flatMap(each => (each.status === 'rejected' ? [each.reason as unknown] : []));
    assert.ok(failures.length >= 40 && failures.length < 50, `${failures.length} refused`);
    assert.ok(failures.every(isBusy));
  });
});
