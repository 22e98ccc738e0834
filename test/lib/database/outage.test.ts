import assert from 'node:assert/strict';
import { ConnectionRefusedError, DatabaseError, UniqueConstraintError, ValidationError } from 'sequelize';
import { errnoOf, isConflict, isLost, isOutage, translate } from '../../../app/lib/database/outage';
import { AppError } from '../../../app/schema/errors';

interface Said {
  readonly errno?: number;
  readonly code?: string;
  readonly fatal?: boolean;
  readonly sqlMessage?: string;
}

/** An error of the driver. */
const driverError = (said: Said) => Object.assign(new Error('of the driver'), { sql: 'SELECT 1', ...said });

/** The same as Sequelize throws it. */
function wrapped(said: Said): Error {
  const parent = driverError(said);
  return said.errno === 1062 ? new UniqueConstraintError({ parent }) : new DatabaseError(parent);
}

const duplicate = (key: string) => ({ errno: 1062, sqlMessage: `Duplicate entry '7' for key '${key}'` });

describe('a conflict', () => {
  const facts: [string, Said, boolean][] = [
    ['a deadlock', { errno: 1213 }, true],
    ['a lock that is waited for in vain', { errno: 1205 }, true],
    ['an id that is taken, as MariaDB says it', duplicate('PRIMARY'), true],
    ['an id that is taken, as MySQL says it', duplicate('user_inbox.PRIMARY'), true],
    ['a message that is sent twice, as MariaDB says it', duplicate('message_client_msg_id'), true],
    ['a message that is sent twice, as MySQL says it', duplicate('message.message_client_msg_id'), true],
    ['an account that is taken', duplicate('user_app_account'), false],
    ['a value that only looks like the name of a key', duplicate('PRIMARY_school'), false],
    ['a duplicate of which nothing is said', { errno: 1062 }, false],
    ['a table that is missing', { errno: 1146 }, false],
    ['a connection that broke', { code: 'ECONNRESET', fatal: true }, false],
  ];
  for (const [what, said, expected] of facts) {
    it(`is${expected ? '' : ' not'} ${what}, whichever driver says so`, () => {
      assert.equal(isConflict(driverError(said)), expected);
      assert.equal(isConflict(wrapped(said)), expected);
    });
  }

  it('is nothing that a rule of this program refuses', () => {
    assert.equal(isConflict(new AppError('NOT_A_MEMBER')), false);
    assert.equal(isConflict(new Error('anything')), false);
  });
});

describe('an outage', () => {
  const facts: [string, Said, boolean][] = [
    ['a connection that broke', { errno: 1927, fatal: true }, true],
    ['a statement without an answer in time', { code: 'PROTOCOL_SEQUENCE_TIMEOUT' }, true],
    ['a host that refuses', { errno: -111, code: 'ECONNREFUSED' }, true],
    ['a driver that says no number', { code: 'PROTOCOL_CONNECTION_LOST' }, true],
    ['a server with too many connections', { errno: 1040 }, true],
    ['a server that only reads', { errno: 1290 }, true],
    ['a full disk', { errno: 1021 }, true],
    ['a disk that fails under a write', { errno: 1026 }, true],
    ['a storage engine that fails', { errno: 1030 }, true],
    ['a commit that fails', { errno: 1180 }, true],
    ['a server that stops', { errno: 1053 }, true],
    ['a statement that an operator has ended', { errno: 1317 }, true],
    ['a replica', { errno: 1836 }, true],
    ['a node of Galera without its cluster', { errno: 1047 }, true],
    ['a member that Group Replication has put out', { errno: 3092 }, true],
    ['a commit that Group Replication refuses', { errno: 3100 }, true],
    ['a proxy that has lost its server', { errno: 2013 }, true],
    ['a ProxySQL without a server', { errno: 9001 }, true],
    ['a command that ProxySQL does not know', { errno: 9003 }, false],
    ['a connection that was reset', { errno: -104, code: 'ECONNRESET' }, true],
    ['a deadlock', { errno: 1213 }, false],
    ['a duplicate', duplicate('PRIMARY'), false],
    ['a mistake in SQL', { errno: 1064 }, false],
    ['a value that is too long', { errno: 1406 }, false],
  ];
  for (const [what, said, expected] of facts) {
    it(`is${expected ? '' : ' not'} ${what}, whichever driver says so`, () => {
      const error = driverError(said);
      const translated = translate(error);
      if (expected) {
        assert.ok(translated instanceof AppError);
        assert.deepEqual([translated.code, translated.cause], ['UNAVAILABLE', error]);
      } else {
        assert.equal(translated, error);
      }
      assert.equal(isOutage(wrapped(said)), expected);
    });
  }

  it('is what Sequelize says of its connections, and not what it says of values', () => {
    assert.equal(isOutage(new ConnectionRefusedError(new Error('refused'))), true);
    assert.equal(isOutage(new ValidationError('too long', [])), false);
    assert.equal(isOutage(undefined), false);
  });

  it('costs the connection only when an answer of it may still come', () => {
    assert.equal(isLost({ code: 'PROTOCOL_SEQUENCE_TIMEOUT' }), true);
    assert.equal(isLost({ fatal: true }), true);
    assert.equal(isLost({ errno: 1040 }), false);
  });
});

describe('the number of an error', () => {
  it('is the one of the server, whichever driver says so, and 0 where there is none', () => {
    const errors = [driverError({ errno: 1146 }), wrapped({ errno: 1146 }), new Error('anything')];
    assert.deepEqual(errors.map(errnoOf), [1146, 1146, 0]);
  });
});
