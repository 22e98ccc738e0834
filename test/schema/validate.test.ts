import { Type, type TSchema } from '@sinclair/typebox';
import assert from 'node:assert/strict';
import { AppError } from '../../app/schema/errors';
import { Closed, Id, JsonObject, Limit, Place, Time, Url } from '../../app/schema/common';
import { SendMessage } from '../../app/schema/message';
import { bounded, validate, validateQuery } from '../../app/schema/validate';

function detailsOf(work: () => unknown): { path: string; message: string }[] {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof AppError);
    assert.equal(error.code, 'INVALID_INPUT');
    return error.details as { path: string; message: string }[];
  }
  return assert.fail('was accepted');
}

const nested = (depth: number): unknown => (depth === 0 ? 1 : { deeper: nested(depth - 1) });

describe('validation', () => {
  const Point = Closed({ x: Type.Integer(), y: Type.Optional(Type.Integer()) });

  it('returns what is valid as it is', () => {
    const value = { x: 1 };
    assert.equal(validate(Point, value), value);
  });

  it('says where something is wrong, and no more than five things', () => {
    assert.deepEqual(
      detailsOf(() => validate(Point, { x: '1', z: 1 })).map(each => each.path),
      ['/z', '/x'],
    );
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, 1]));
    assert.equal(detailsOf(() => validate(Point, many)).length, 5);
    for (const value of [undefined, null, 1, 'x', [], () => 1]) detailsOf(() => validate(Point, value));
  });

  it('speaks of the variant that the value says it is', () => {
    const draft = { to: { userId: '1' }, clientMsgId: 'x', type: 'location', content: { latitude: 91, longitude: 0 } };
    const paths = detailsOf(() => validate(SendMessage, draft)).map(each => each.path);
    assert.deepEqual(paths.sort(), ['/clientMsgId', '/content/latitude']);
    const [only] = detailsOf(() => validate(SendMessage, { ...draft, type: 'smell' }));
    assert.deepEqual(only, {
      path: '/type',
      message: 'one of text, image, video, voice, file, location, custom is needed',
    });
  });

  it('reads numbers from a query, and fills in what is left out', () => {
    const Query = Closed({ after: Place, limit: Limit(50, 200), cursor: Type.Optional(Id) });
    assert.deepEqual(validateQuery(Query, { after: '7' }), { after: 7, limit: 50 });
    assert.deepEqual(validateQuery(Query, { after: '0', limit: '200', cursor: '12' }), {
      after: 0,
      limit: 200,
      cursor: '12',
    });
    for (const after of ['', ' ', '1.5', '1e3', '0x10', '-1', 'true', 'NaN', '9'.repeat(17)]) {
      detailsOf(() => validateQuery(Query, { after }));
    }
    detailsOf(() => validateQuery(Query, { after: '1', toString: '1' }));
  });
});

describe('plain JSON', () => {
  const valid = (value: unknown) => validate(JsonObject, value);

  it('is any object of JSON values, 32 levels deep at most', () => {
    const value = { a: [1, 'x', null, true, { b: -0.5 }], '': {} };
    assert.equal(valid(value), value);
    valid(nested(32));
    detailsOf(() => valid(nested(33)));
    detailsOf(() => valid(nested(5000)));
  });

  it('is nothing else', () => {
    const others = [null, [], 'x', 1, new Date(), Buffer.from('x'), new Map(), Object.create(null), new (class {})()];
    for (const other of others) detailsOf(() => valid(other));
    for (const inside of [Buffer.from('x'), NaN, Infinity, undefined, () => 1, new Date(), 1n, Symbol('x')]) {
      detailsOf(() => valid({ inside }));
      detailsOf(() => valid({ list: [inside] }));
    }
  });

  it('has no keys that reach a prototype, at any depth', () => {
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      for (const text of [`{"${key}":1}`, `{"a":{"${key}":{"x":1}}}`, `{"a":[{"${key}":null}]}`]) {
        detailsOf(() => valid(JSON.parse(text)));
      }
    }
    assert.equal(({} as { x?: unknown }).x, undefined);
  });
});

describe('the small forms', () => {
  const accepts = (schema: TSchema, good: unknown[], bad: unknown[]) => {
    for (const value of good) validate(schema, value);
    for (const value of bad) detailsOf(() => validate(schema, value));
  };

  it('an id is a decimal number in a string', () => {
    accepts(
      Id,
      ['1', '9007199254740991'],
      ['0', '01', '-1', '1.5', '', ' 1', '1\n', '1e3', '12345678901234567', 1, null],
    );
  });

  it('a time is UTC with milliseconds', () => {
    const bad = ['2026-01-31T09:30:00Z', '2026-02-30T09:30:00.000Z', '2026-01-31 09:30:00.000', '', 0, null];
    accepts(Time, ['2026-01-31T09:30:00.000Z', '2024-02-29T23:59:59.999Z'], bad);
  });

  it('a URL is http(s), or a path of this server', () => {
    const bad = ['javascript:alert(1)', 'data:text/html,x', 'ftp://x/y', 'x', '', 'http://a b', `/${'x'.repeat(1024)}`];
    accepts(Url, ['https://example.com/a?b#c', 'http://x', '/media/1.png', '/x'], bad);
    accepts(Url, [], ['//example.com/x', '/\\example.com/x', '/', 'https://', '/\t/example.com']);
  });
});

describe('the bounds of an input', () => {
  const arrays = (depth: number): unknown => {
    let value: unknown = [];
    for (let level = 1; level < depth; level++) value = [value];
    return value;
  };

  it('let any input through that a call can be sent with', () => {
    for (const input of [undefined, null, 'x', {}, arrays(40), { userIds: Array(1000).fill('1') }]) {
      assert.equal(bounded(input), input);
    }
  });

  it('refuse what is nested too deeply', () => {
    for (const depth of [41, 100_000]) detailsOf(() => bounded(arrays(depth)));
  });

  it('refuse what has too many parts, wherever they are', () => {
    const ones = (length: number) => Array.from({ length }, () => 1);
    assert.ok(bounded(ones(19_999)));
    detailsOf(() => bounded(ones(20_000)));
    const rows = Array.from({ length: 200 }, () => ones(200));
    detailsOf(() => bounded({ rows }));
  });

  it('refuse a text that could not be stored as it was sent, and say where it is', () => {
    const half = '\ud83d';
    const where = (input: unknown) => detailsOf(() => bounded(input)).map(each => each.path);
    for (const text of [half, `a${half}b`, '\ude00', '\ude00\ud83d']) {
      assert.deepEqual(where({ content: { text } }), ['/content/text']);
    }
    assert.deepEqual(where(half), ['/']);
    assert.deepEqual(where({ list: ['x', { [half]: 1 }] }), ['/list/1']);
    assert.ok(bounded({ '😀': ['安娜 👩🏽‍🚀', '\ufffd', '\ud83d\ude00'] }));
  });

  it('keep what is wrong with a big input from being looked for at length', () => {
    const Ids = Type.Array(Id, { maxItems: 100, uniqueItems: true });
    const many = Array.from({ length: 6000 }, () => [[], []]);
    assert.deepEqual(
      detailsOf(() => validate(Ids, many)),
      [{ path: '/', message: 'not valid' }],
    );
  });
});
