import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { RepeatingTask } from '../../../app/lib/queue/repeating_task';

function rethrow(error: unknown): never {
  throw error;
}

describe('a pulse', () => {
  it('goes on after what fails, and rests once it is stopped', async () => {
    const failures: string[] = [];
    let times = 0;
    const events = new EventEmitter();
    const work = () => {
      events.emit('beat');
      return ++times === 1 ? Promise.reject(new Error('once')) : Promise.resolve();
    };
    const pulse = new RepeatingTask(1, work, error => failures.push((error as Error).message));
    const other = new RepeatingTask(1, () => Promise.resolve(void events.emit('other')), rethrow);
    while (times < 3) await once(events, 'beat');
    await pulse.stop();
    const last = times;
    for (let beats = 0; beats < 5; beats++) await once(events, 'other');
    await other.stop();
    assert.deepEqual([times, failures], [last, ['once']]);
  });

  it('is stopped after the work that is under way', async () => {
    const done: string[] = [];
    const events = new EventEmitter();
    const work = async () => {
      events.emit('begun');
      await once(events, 'finish');
      done.push('work');
    };
    const pulse = new RepeatingTask(1, work, rethrow);
    await once(events, 'begun');
    const stopping = pulse.stop().then(() => done.push('stopped'));
    events.emit('finish');
    await stopping;
    assert.deepEqual(done, ['work', 'stopped']);
  });
});
