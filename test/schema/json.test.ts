import assert from 'node:assert/strict';
import { Json, jsonList, jsonObject, jsonWith, textOf } from '../../app/schema/json';

const odd = { text: 'a "quote", \\, \u2028 \u0000 \ud800 😀' };
const json = <T>(value: T) => new Json<T>(JSON.stringify(value));

describe('JSON text', () => {
  it('is put into lists and objects as it is', () => {
    const text = '{"b": 1,  "a": [ 2 ]}';
    assert.equal(jsonList([new Json(text), { c: 3 }]).text, `[${text},{"c":3}]`);
    assert.equal(
      jsonObject({ 'the "first"': new Json(text), d: [null] }).text,
      `{"the \\"first\\"":${text},"d":[null]}`,
    );
    assert.deepEqual(
      [jsonList([]).text, jsonObject({}).text, textOf(null), textOf(new Json(text))],
      ['[]', '{}', 'null', text],
    );
  });

  it('is the same as without it, whatever the strings', () => {
    const whole = { id: '1', odd, list: [odd, odd], none: null };
    const made = jsonObject<typeof whole>({ ...whole, odd: json(odd), list: jsonList([json(odd), odd]) });
    assert.equal(made.text, JSON.stringify(whole));
    assert.equal(
      jsonWith(json(odd), { syncSeq: 1, more: '"' }).text,
      JSON.stringify({ ...odd, syncSeq: 1, more: '"' }),
    );
  });

  it('leaves out what is undefined, as JSON does', () => {
    const made = jsonObject<{ a?: number; b: number; c?: string }>({ a: undefined, b: 1 });
    assert.equal(made.text, '{"b":1}');
  });

  it('is the value to whoever does not know of it', () => {
    assert.equal(JSON.stringify({ message: json(odd) }), JSON.stringify({ message: odd }));
  });
});
