import { KindGuard, type TSchema } from '@sinclair/typebox';
import assert from 'node:assert/strict';
import { calls, type Call } from '../../app/schema/calls';
import { serverContents } from '../../app/schema/content';
import { displayTime, shownBy, zoneOf } from '../../app/schema/display_time';
import { serverEvents } from '../../app/schema/events';
import { Json } from '../../app/schema/json';
import { Message } from '../../app/schema/message';

const TIME = '2026-01-31T20:30:00.999Z';
const SHOWN = '2026-02-01 04:30:00';

/** Values of a schema, together with each variant of its unions and every field; all its times are the same. */
function samplesOf(schema: TSchema): unknown[] {
  if (schema.format === 'date-time') return [TIME];
  if (KindGuard.IsLiteral(schema)) return [schema.const];
  if (KindGuard.IsUnion(schema)) return schema.anyOf.flatMap(samplesOf);
  if (KindGuard.IsArray(schema)) return [samplesOf(schema.items)];
  if (!KindGuard.IsObject(schema)) return ['x'];
  const fields = Object.entries(schema.properties).map(([name, each]) => [name, samplesOf(each)] as const);
  const howMany = Math.max(1, ...fields.map(([, samples]) => samples.length));
  return Array.from({ length: howMany }, (_, index) =>
    Object.fromEntries(fields.map(([name, samples]) => [name, samples[index % samples.length]])),
  );
}

describe('times in a zone', () => {
  const schemas: [string, TSchema][] = [
    ...Object.entries<Call>(calls).map(([name, { data }]): [string, TSchema] => [`the answer of ${name}`, data]),
    ...Object.entries(serverEvents).map(([name, { payload }]): [string, TSchema] => [`the event ${name}`, payload]),
    ...Object.entries(serverContents).map(([type, schema]): [string, TSchema] => [`the content of a ${type}`, schema]),
  ];
  for (const [name, schema] of schemas) {
    it(`are all that are in ${name}`, () => {
      for (const sample of samplesOf(schema)) {
        const text = JSON.stringify(sample);
        const shown = shownBy(schema)(new Json(text), '+08:00');
        assert.equal(JSON.stringify(shown), text.replaceAll(TIME, SHOWN));
      }
    });
  }

  it('are in what the server has written into a message, and nowhere in what people have written', () => {
    const messageOf = (type: string, content: object, time: string) => ({
      type,
      content,
      extra: { at: TIME },
      sentAt: time,
    });
    const contentsAt = (time: string) => ({
      text: { text: TIME },
      custom: { sentAt: TIME, messages: [{ sentAt: TIME }], expiresAt: TIME },
      notice: { title: TIME, text: TIME, event: { at: TIME }, expiresAt: time },
      merged: {
        messages: [
          messageOf('custom', { sentAt: TIME }, time),
          messageOf('merged', { messages: [messageOf('text', { text: TIME }, time)] }, time),
        ],
      },
    });
    const messagesAt = (time: string) =>
      Object.entries(contentsAt(time)).map(([type, content]) => messageOf(type, content, time));
    assert.deepEqual(
      messagesAt(TIME).map(message => shownBy(Message)(message, '+08:00')),
      messagesAt(SHOWN),
    );
  });

  it('are left as they are where nobody asks for one, and what is shown is another value', () => {
    const message = { sentAt: TIME };
    const json = new Json<typeof message>(JSON.stringify(message));
    assert.equal(shownBy(Message)(json), json);
    assert.notEqual(shownBy(Message)(message, '+08:00'), message);
    assert.deepEqual(message, { sentAt: TIME });
  });
});

describe('a time for clients that show it as it comes', () => {
  const instant = '2026-01-31T20:30:00.999Z';
  const cases = [
    ['+08:00', '2026-02-01 04:30:00'],
    ['+00:00', '2026-01-31 20:30:00'],
    ['-05:00', '2026-01-31 15:30:00'],
    ['+05:45', '2026-02-01 02:15:00'],
  ];
  for (const [zone, shown] of cases) {
    it(`is ${shown} in ${zone}, be it a text or a Date`, () => {
      assert.equal(displayTime(instant, zone), shown);
      assert.equal(displayTime(new Date(instant), zone), shown);
    });
  }
});

describe('a zone', () => {
  it('is an offset', () => {
    for (const zone of ['+08:00', '-09:30', '+14:59', '+00:00']) assert.equal(zoneOf(zone, '/zone'), zone);
    for (const none of [undefined, '']) assert.equal(zoneOf(none, '/zone'), undefined);
  });

  for (const wrong of [
    '8',
    '+8:00',
    '08:00',
    '+15:00',
    '+08:60',
    '+08:00 ',
    'Asia/Shanghai',
    'Z',
    8,
    null,
    ['+08:00'],
  ]) {
    it(`is not ${JSON.stringify(wrong)}`, () =>
      assert.throws(() => zoneOf(wrong, '/zone'), {
        code: 'INVALID_INPUT',
        details: [{ path: '/zone', message: 'an offset such as +08:00 is needed' }],
      }));
  }
});
