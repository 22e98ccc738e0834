import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { mock } from 'node:test';
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

  describe('by the clock', () => {
    beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));

    afterEach(() => mock.timers.reset());

    it('waits 200 ms for more, from the first on, and is told once', () => {
      gathering.add(del('1'));
      mock.timers.tick(150);
      gathering.add(del('2'));
      mock.timers.tick(49);
      assert.deepEqual(arrays, []);
      mock.timers.tick(1);
      mock.timers.tick(1000);
      assert.deepEqual(arrays, [['1', '2']]);
    });

    it('waits as long again after it was so much that it came at once', () => {
      const long = 'x'.repeat(1 << 18);
      gathering.add(del('1'));
      mock.timers.tick(150);
      gathering.add(del(long));
      gathering.add(del('2'));
      mock.timers.tick(199);
      assert.deepEqual(arrays, [['1', long]]);
      mock.timers.tick(1);
      assert.deepEqual(arrays, [['1', long], ['2']]);
    });

    it('is told nothing after the end, when its time comes', () => {
      gathering.add(del('1'));
      gathering.end();
      mock.timers.tick(1000);
      assert.deepEqual(arrays, [['1']]);
    });
  });
});
