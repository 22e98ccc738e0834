import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Card } from '../../../app/schema/person';
import { cardOf } from '../../support/friends';
import { person, type Person } from '../../support/person';
import { refused } from '../../support/refusal';
import { app, mm, select } from '../../support/service';

/** No other test uses these names and numbers. */
const newName = () => `n${randomUUID().slice(0, 13)}`;
const newPhone = () => `+86${String(Math.random()).slice(2, 13)}`;

const search = (who: Person, q: string) => who.call('user.search', { q, limit: 50 });

async function searchAll(who: Person, q: string, limit: number): Promise<Card[]> {
  const found: Card[] = [];
  let cursor: string | undefined;
  do {
    const page = await who.callPage('user.search', { q, limit, ...(cursor && { cursor }) });
    assert.ok(page.data.length <= limit);
    found.push(...page.data);
    cursor = page.nextCursor;
  } while (cursor);
  return found;
}

const inOrder = (users: readonly Person[]) => [...users].sort((x, y) => Number(x.id) - Number(y.id)).map(cardOf);

describe('a search for users', () => {
  it('a user is found by the whole account, whatever the case of its letters', async () => {
    const account = `Search.${randomUUID()}`;
    const [ann, bob] = [await person(), await person({ account, name: 'Bob' })];
    const socket = await ann.connect();
    for (const q of [account, account.toUpperCase()]) {
      assert.deepEqual(await search(ann, q), [cardOf(bob)]);
      assert.deepEqual(await socket.request('user:search', { q }), [cardOf(bob)]);
    }
    assert.deepEqual(await search(ann, account.slice(0, -1)), []);
  });

  it('users are found by the whole phone number, which is not shown', async () => {
    const phone = newPhone();
    const [ann, bob, cat] = [
      await person(),
      await person({ name: 'Bob', phone }),
      await person({ name: 'Cat', phone }),
    ];
    assert.deepEqual(await search(ann, phone), [cardOf(bob), cardOf(cat)]);
    assert.deepEqual(await search(ann, phone.slice(0, -1)), []);
    assert.doesNotMatch(JSON.stringify(await search(ann, phone)), new RegExp(phone.slice(1)));
    await bob.call('user.update', { phone: null });
    assert.deepEqual(await search(ann, phone), [cardOf(cat)]);
  });

  it('users are found by the beginning of their name, in order of name, then of id', async () => {
    const name = newName();
    const ann = await person();
    const same = [await person({ name: `${name} b` }), await person({ name: `${name.toUpperCase()} B` })];
    const first = await person({ name: `${name} a`, phone: newPhone() });
    const last = await person({ name: `${name} 安娜 👩🏽‍🚀` });
    await person({ name: `x ${name}` });
    const expected = [cardOf(first), ...inOrder(same), cardOf(last)];
    for (const q of [name, name.toUpperCase(), name.slice(0, -1)]) assert.deepEqual(await search(ann, q), expected);
    assert.deepEqual(await search(ann, `${name} 安`), [cardOf(last)]);
    assert.deepEqual(await search(ann, `${name} 安娜 👩🏽‍🚀`), [cardOf(last)]);
  });

  it('the picture of a user is shown', async () => {
    const [ann, bob] = [await person(), await person({ name: newName() })];
    await bob.call('user.update', { avatar: '/files/bob.png' });
    assert.deepEqual(await search(ann, bob.session.user.name), [
      { ...cardOf(bob), avatar: '/files/bob.png', version: 1 },
    ]);
  });

  it('the account comes first, then the phone number, then names, and each user comes once', async () => {
    const q = newPhone();
    const ann = await person();
    const byName = await person({ name: `${q} a` });
    const byBoth = await person({ name: `${q} z`, phone: q });
    const byPhone = await person({ name: 'Zoe', phone: q });
    const byAll = await person({ account: q, name: q, phone: q });
    const expected = [byAll, byBoth, byPhone, byName].map(cardOf);
    for (const limit of [1, 2, 3, 4, 50]) assert.deepEqual(await searchAll(ann, q, limit), expected);
  });

  it('the signs of an SQL pattern stand for themselves', async () => {
    const name = newName();
    const ann = await person();
    const names = ['%', '_', '\\', "'", '%%', 'x'].map(sign => `${name}${sign}`);
    const users = [];
    for (const each of names) users.push(await person({ name: each }));
    const found = async (sign: string) => (await search(ann, `${name}${sign}`)).map(each => each.name.at(-1));
    assert.deepEqual(await found('%'), ['%', '%']);
    for (const sign of ['_', '\\', "'"]) assert.deepEqual(await found(sign), [sign]);
    for (const q of ['%', '_', '%_', '\\', '\\%']) {
      const all = (await searchAll(ann, q, 50)).map(each => each.id);
      assert.ok(!users.some(each => all.includes(each.id)));
    }
  });

  it('users find neither themselves nor users of another tenant', async () => {
    const [name, phone] = [newName(), newPhone()];
    const ann = await person({ name, phone });
    const stranger = await person({ app: 'other', account: name, name, phone });
    for (const q of [name, phone, ann.session.user.account]) assert.deepEqual(await search(ann, q), []);
    assert.deepEqual(await search(stranger, phone), []);
    const bob = await person({ name });
    assert.deepEqual(await search(bob, phone), [cardOf(ann)]);
  });

  it('a page may end with the longest name there may be', async () => {
    const ann = await person();
    const name = `${newName()}${'龘'.repeat(50)}`;
    assert.equal(name.length, 64);
    const users = [await person({ name }), await person({ name }), await person({ name })];
    assert.deepEqual(await searchAll(ann, name, 1), inOrder(users));
  });

  it('a page goes on where the last one ended, also when users have come in between', async () => {
    const name = newName();
    const ann = await person();
    const [b, d] = [await person({ name: `${name} b` }), await person({ name: `${name} d` })];
    const first = await ann.callPage('user.search', { q: name, limit: 1 });
    await person({ name: `${name} a` });
    const c = await person({ name: `${name} c` });
    const rest = await ann.callPage('user.search', { q: name, limit: 9, cursor: first.nextCursor });
    assert.deepEqual([...first.data, ...rest.data], [b, c, d].map(cardOf));
  });

  it('a search needs words, a cursor of its own, and a token', async () => {
    const ann = await person();
    for (const query of [{}, { q: '' }, { q: 'x'.repeat(65) }, { q: 'x', limit: 51 }, { q: 'x', app: 'other' }]) {
      await refused(ann.ask('user.search', { query: query as Record<string, string> }), 'INVALID_INPUT');
    }
    for (const cursor of ['7', '3-1-YQ', '0-x-YQ', "2-1-'", '2-1-']) {
      await refused(ann.call('user.search', { q: 'x', limit: 1, cursor }), 'INVALID_INPUT');
    }
    await refused(ann.ask('user.search', { query: { q: 'x' }, headers: { authorization: 'none' } }), 'UNAUTHENTICATED');
  });

  it('every step of a search uses an index', async () => {
    // No account has a blank: the second search goes by name alone.
    const [name, phone] = [`${newName()} x`, newPhone()];
    const ann = await person();
    await person({ account: phone, name: `${phone} a` });
    for (let n = 0; n < 3; n++) await person({ name, phone });
    const asked: string[] = [];
    const note = (sql: string) => {
      if (/ FROM `user` .* LIMIT /.test(sql)) asked.push(sql.replace(/^Executing \(\w+\): /, ''));
    };
    mm(app.model.options, 'logging', note);
    await searchAll(ann, phone, 2);
    await searchAll(ann, name, 2);
    mm.restore();
    const keys = new Set<unknown>();
    for (const sql of asked) {
      // Only MySQL reads the words in the comment; without them it answers with a tree.
      for (const { key, type, Extra } of await select(`EXPLAIN /*!80000 FORMAT=TRADITIONAL */ ${sql}`)) {
        assert.match(String(type), /^(const|ref|eq_ref|range)$/, `${sql}: ${type}, ${Extra}`);
        keys.add(key);
      }
    }
    // PRIMARY is that of the friends who are let find somebody.
    assert.deepEqual([...keys].sort(), ['PRIMARY', 'user_account', 'user_name', 'user_phone']);
  });
});
