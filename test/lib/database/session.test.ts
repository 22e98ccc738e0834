import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { createConnection, type Connection } from 'mysql2';
import { ConnectionSession } from '../../../app/lib/database/connection';
import { newId } from '../../../app/lib/database/ids';
import { select, sql } from '../../../app/lib/database/statement';
import { settings } from '../../../config/settings';
import { drivers } from '../../support/drivers';
import { app, count, otherProcess } from '../../support/service';

const add = (id: number) => `INSERT INTO user_inbox (user_id) VALUES (${id})`;
const look = (id: number) => select('user_inbox', ['user_id', 'last_seq'], `WHERE user_id = ${id}`);
const move = (id: number) => `UPDATE user_inbox SET last_seq = last_seq + 1 WHERE user_id = ${id}`;
const one = (value: number) => sql<{ it: number }>(`SELECT ${value} AS it`);
/** Over another connection. */
const isStored = async (id: number) => (await count('user_inbox WHERE user_id = :id', { id })) === 1;

for (const [name, driver] of drivers) {
  describe(`a transaction over ${name}`, () => {
    it('answers each statement in order, and drops what those before it answer', async () => {
      const id = newId();
      const begin = driver();
      const answers = await begin(async session => {
        const first = await session.query([one(1), one(2)]);
        const second = await session.query([look(id), one(3)], [add(id), move(id)]);
        const third = await session.query([one(4)], [one(5)]);
        await session.commit([]);
        return [...first, ...second, ...third];
      });
      const rows = [[{ it: 1 }], [{ it: 2 }], [{ user_id: id, last_seq: 1 }], [{ it: 3 }], [{ it: 4 }]];
      assert.deepEqual(structuredClone(answers), rows);
    });

    it('is seen by others when it is committed, and not before', async () => {
      const id = newId();
      const begin = driver();
      await begin(async session => {
        const [rows] = await session.query([look(id)], [add(id)]);
        assert.equal(rows.length, 1);
        assert.equal(await isStored(id), false);
        await session.commit([add(id + 1)]);
      });
      assert.deepEqual([await isStored(id), await isStored(id + 1)], [true, true]);
    });

    it('is committed when its last statements are its only ones', async () => {
      const id = newId();
      const begin = driver();
      await begin(session => session.commit([add(id), move(id)]));
      assert.equal(await count('user_inbox WHERE user_id = :id AND last_seq = 1', { id }), 1);
    });

    it('stores nothing when the work in it throws, and leaves a connection that is good', async () => {
      const id = newId();
      const begin = driver();
      const refused = new Error('refused');
      const work = begin(async session => {
        await session.query([], [add(id)]);
        throw refused;
      });
      await assert.rejects(work, error => error === refused);
      assert.equal(await isStored(id), false);
      await begin(session => session.commit([add(id)]));
      assert.equal(await isStored(id), true);
    });

    it('stores nothing when one of the last statements fails', async () => {
      const id = newId();
      const begin = driver();
      const work = begin(async session => {
        await session.query([], [add(id)]);
        await session.commit([add(id + 1), 'UPDATE nowhere SET a = 1', add(id + 2)]);
      });
      await assert.rejects(work, /nowhere/);
      assert.equal(await count('user_inbox WHERE user_id BETWEEN :id AND :id + 2', { id }), 0);
    });
  });
}

describe('a transaction on a connection', () => {
  let connection: Connection;
  /** What was sent, a text for each round trip. */
  let sent: string[];

  before(() => {
    const { host, port, user, password, name: database } = settings.database;
    connection = createConnection({ host, port, user, password, database, multipleStatements: true });
  });
  beforeEach(() => {
    sent = [];
    const send = connection.query.bind(connection);
    mock.method(connection, 'query', (...[options, answered]: Parameters<typeof send>) => {
      sent.push(options.sql);
      return send(options, answered);
    });
  });
  afterEach(() => mock.restoreAll());
  after(() => connection.end());

  it('begins with its first statements and ends with its last, in two round trips', async () => {
    const id = newId();
    const session = new ConnectionSession(connection);
    await session.query([look(id)], [add(id)]);
    await session.commit([move(id)]);
    assert.deepEqual(sent, [`START TRANSACTION;${add(id)};${look(id)}`, `${move(id)};COMMIT`]);
    assert.equal(await isStored(id), true);
  });

  it('is one round trip when there is nothing to ask', async () => {
    const id = newId();
    await new ConnectionSession(connection).commit([add(id)]);
    assert.deepEqual(sent, [`START TRANSACTION;${add(id)};COMMIT`]);
    assert.equal(await isStored(id), true);
  });

  it('is none when there is nothing to do', async () => {
    await new ConnectionSession(connection).commit([]);
    assert.deepEqual(sent, []);
  });

  it('is ended when it has only asked', async () => {
    const session = new ConnectionSession(connection);
    await session.query([one(1)]);
    await session.commit([]);
    assert.deepEqual(sent, [`START TRANSACTION;${one(1)}`, 'COMMIT']);
  });

  it('goes out in as few packets as its size allows, in order', async () => {
    const long = (mark: string, size: number) => {
      const [head, tail] = [`SELECT '${mark}' AS it, LENGTH('`, `') AS size`];
      return sql<{ it: string }>(head + 'x'.repeat(size - head.length - tail.length) + tail);
    };
    const session = new ConnectionSession(connection);
    await session.query([one(0)]);
    const MB = 1 << 20;
    const statements = [long('a', 2 * MB), long('b', 2 * MB), long('c', 100), long('d', 4 * MB), long('e', 5 * MB)];
    const results = await session.query(statements, [long('z', 2 * MB), long('y', 2 * MB + 1)]);
    assert.deepEqual(
      results.map(([row]) => row.it),
      ['a', 'b', 'c', 'd', 'e'],
    );
    const packets = sent.slice(1).map(text => Array.from(text.matchAll(/SELECT '(.)'/g), ([, mark]) => mark).join(''));
    assert.deepEqual(packets, ['z', 'y', 'ab', 'c', 'd', 'e']);
    await session.commit([]);
  });
});

describe('a lock among processes', () => {
  it('lets one in at a time, and turns the others away at once', async () => {
    const { database } = otherProcess().engine;
    const name = `test-${newId()}`;
    const answer = await app.engine.database.exclusively(name, async query => {
      assert.equal(await database.exclusively(name, () => Promise.resolve('in')), undefined);
      assert.equal(await database.exclusively(`${name}-other`, () => Promise.resolve('in')), 'in');
      return (await query([one(7)]))[0][0].it;
    });
    assert.equal(answer, 7);
    assert.equal(await database.exclusively(name, () => Promise.resolve('in')), 'in');
  });

  it('is let go of with what fails under it', async () => {
    const { database } = otherProcess().engine;
    const name = `test-${newId()}`;
    const failed = new Error('failed');
    const work = database.exclusively(name, () => Promise.reject(failed));
    await assert.rejects(work, error => error === failed);
    // The server lets go of it when it notices that the connection is gone.
    let answer;
    while (!answer) answer = await app.engine.database.exclusively(name, () => Promise.resolve('in'));
    assert.equal(answer, 'in');
  });
});
