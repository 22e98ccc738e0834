import assert from 'node:assert/strict';
import { mysql } from '../support/network';
import { pair } from '../support/packets';
import { refused } from '../support/refusal';

const MOST = 1000;

describe('requests of one device that are under way', () => {
  afterEach(() => mysql.restore());

  it('are a thousand at most: one more is refused, and the others are answered', async () => {
    const { other, conversationId } = await pair();
    // Of two kinds, because of each no more than five hundred may wait.
    const change = (index: number): Promise<unknown> =>
      index % 2 ? other.call('sync.ack', { syncSeq: 1 }) : other.call('conversation.read', { conversationId, seq: 1 });
    // It is answered at once, whatever MySQL does.
    const unwatch = () => other.call('presence.unwatch', { userIds: ['1'] });
    mysql.freeze();
    const changes = Array.from({ length: MOST - 1 }, (_, index) => change(index));
    assert.deepEqual(await unwatch(), {}, 'it is the thousandth');
    changes.push(change(MOST - 1));
    await refused(unwatch(), 'BUSY');
    mysql.restore();
    assert.equal((await Promise.all(changes)).length, MOST);
    assert.deepEqual(await unwatch(), {});
  });
});
