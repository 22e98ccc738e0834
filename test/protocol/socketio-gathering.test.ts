import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { Gathering } from '../../app/protocol/socketio/gathering';
import type { DelMsg } from '../../app/protocol/socketio/told';

const del = (msgid: string): DelMsg => ({ _method_: 'DelMsg', action: '4', msgid });

describe('what a receiver is told', () => {
  let arrays: readonly string[][];
  let told: EventEmitter;
  let gathering: Gathering;

  beforeEach(() => {
    arrays = [];
    told = new EventEmitter();
    gathering = new Gathering(strings => {
      arrays = [...arrays, strings.map(text => (JSON.parse(text) as DelMsg).msgid)];
      told.emit('array');
    });
  });

  it('comes as one array for each while, and not at once', async () => {
    for (const msgid of ['1', '2', '3']) gathering.add(del(msgid));
    assert.deepEqual(arrays, []);
    await once(told, 'array');
    gathering.add(del('4'));
    await once(told, 'array');
    assert.deepEqual(arrays, [['1', '2', '3'], ['4']]);
  });

  it('comes at once when it is much', () => {
    const long = 'x'.repeat(1 << 17);
    for (let count = 0; count < 3; count++) gathering.add(del(long));
    assert.deepEqual(arrays, [[long, long]]);
  });

  it('comes before the end, after which there is nothing', () => {
    gathering.add(del('1'));
    gathering.end();
    gathering.add(del('2'));
    gathering.end();
    assert.deepEqual(arrays, [['1']]);
  });
});
