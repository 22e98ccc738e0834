import assert from 'node:assert/strict';
import { broadcastKey, mailboxKey, noticeId } from '../../../app/lib/delivery/broadcasts';

describe('the id of a notice', () => {
  const call = '0f8fad5b-d9cb-469f-a165-70867728950e';

  it('is the same for the same call and receiver, in this version and the next', () => {
    const id = noticeId(call, 'default', mailboxKey(7));
    assert.equal(id, 'fd3ec4e7-f8e5-5a3e-8325-b7259e4bea24');
    assert.equal(noticeId(call.toUpperCase(), 'default', mailboxKey(7)), id);
  });

  it('is another for another call, tenant or receiver', () => {
    const ids = [
      noticeId(call, 'default', mailboxKey(7)),
      noticeId(call, 'default', mailboxKey(8)),
      noticeId(call, 'default', broadcastKey('default')),
      noticeId(call, 'other', mailboxKey(7)),
      noticeId('ffffffff-ffff-0fff-0fff-ffffffffffff', 'default', mailboxKey(7)),
    ];
    assert.equal(new Set(ids).size, ids.length);
  });
});
