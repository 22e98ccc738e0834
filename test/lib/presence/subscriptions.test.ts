import assert from 'node:assert/strict';
import { Subscriptions } from '../../../app/lib/presence/subscriptions';
import { people } from '../../support/person';
import { socketOf } from '../../support/service';

describe('watches', () => {
  it('are found by whom they are of and by whose they are, once for a user, and leave nothing behind', async () => {
    const [ann, bob] = await people(2);
    const tablet = await ann.login();
    for (const each of [ann, tablet, bob]) await each.connect();
    const [a, second, b] = [ann, tablet, bob].map(socketOf);
    const [annId, bobId] = [Number(ann.id), Number(bob.id)];
    const watches = new Subscriptions<string>();
    const permission = (viewerId: number, userId: number) => ({ viewerId, userId, areFriends: false });
    for (const socket of [a, second]) watches.add(socket, permission(annId, bobId));
    watches.add(a, permission(annId, 7));
    watches.add(b, permission(bobId, 7));
    watches.add(b, { ...permission(bobId, 7), groupId: 5 });

    assert.deepEqual(watches.userIds(), [bobId, 7]);
    assert.deepEqual([...watches.of(a)], [bobId, 7]);
    assert.deepEqual(watches.permissionsOf([7, bobId]), [
      permission(annId, 7),
      { ...permission(bobId, 7), groupId: 5 },
      permission(annId, bobId),
    ]);
    assert.deepEqual(watches.permissionsBy([annId]), [permission(annId, bobId), permission(annId, 7)]);

    watches.remove(a, 7);
    watches.remove(a, 7);
    watches.removeAll(a);
    assert.deepEqual([...watches.get(bobId)!.sockets.keys()], [second]);
    watches.removeAll(second);
    watches.removeAll(b);
    assert.deepEqual([watches.userIds(), watches.get(7), [...watches.of(b)]], [[], undefined, []]);
  });
});
