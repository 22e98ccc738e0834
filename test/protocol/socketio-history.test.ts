import assert from 'node:assert/strict';
import { peopleOf, tenant } from '../support/notice';
import { people, text, type Person } from '../support/person';
import { history, PrivateClient } from '../support/private_client';
import { app, url } from '../support/service';

describe('what clients of Socket.IO 2.x ask for over HTTP', () => {
  it('is the history of seven days, fifty a page, the latest first', async () => {
    const [ann, bob] = await people(2);
    const send = (from: Person, to: Person, words: string) =>
      from.ask('message.send', { body: { to: { userId: to.id }, ...text(words) } });
    const { conversationId } = await send(ann, bob, 'too old');
    const old = `UPDATE message SET sent_at = UTC_TIMESTAMP(3) - INTERVAL 8 DAY WHERE conversation_id = ${conversationId}`;
    await app.model.query(old);
    for (let sent = 1; sent <= 60; sent++) await send(sent % 2 ? ann : bob, sent % 2 ? bob : ann, `${sent}`);
    const latest = await history(bob, `?uid=${ann.id}`);
    assert.deepEqual([latest.rows.length, latest.rows[0].ct, latest.rows[49].ct], [50, '11', '60']);
    const [{ msgid, uid, nickname, time, ...row }] = latest.rows;
    assert.deepEqual([msgid, uid, nickname], [`${conversationId}-12`, Number(ann.id), 'Pat 0']);
    assert.deepEqual(row, { _method_: 'SendMsg', action: '3', avatar: '', ct: '11', extra: '' });
    assert.match(time, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    const older = await history(bob, `?uid=${ann.id}&cursor=${latest.nextCursor}`);
    assert.deepEqual([older.rows.length, older.rows[0].ct, older.rows[9].ct], [10, '1', '10']);
    assert.equal(older.nextCursor, undefined);
  });

  it('is nothing where there is no history, and no answer to what is wrong', async () => {
    const [ann, bob, carl] = await people(3);
    const { conversationId } = await ann.ask('message.send', { body: { to: { userId: bob.id }, ...text('private') } });
    assert.deepEqual((await history(carl, `?uid=${ann.id}`)).rows, []);
    assert.equal((await history(ann, '?uid=x')).status, 400);
    assert.equal((await history(ann, '')).status, 400);
    assert.equal((await history(ann, `?uid=${bob.id}&cursor=x`)).status, 400);
    assert.equal((await history(bob, `/${conversationId}-1`, 'DELETE')).status, 403);
    assert.equal((await history(carl, `/${conversationId}-1`, 'DELETE')).status, 403);
    assert.equal((await history(ann, '/x', 'DELETE')).status, 400);
    assert.equal((await fetch(`${url()}/socketio/messages?uid=${bob.id}`)).status, 401);
    assert.equal((await fetch(`${url()}/socketio/messages?uid=${bob.id}&token=x`)).status, 401);
  });

  it('is how many are online', async () => {
    const [ann, bob] = await peopleOf(tenant(), 2);
    await Promise.all([ann, bob].map(each => PrivateClient.open(each)));
    const ask = async () => {
      const response = await fetch(`${url()}/socketio/online?token=${ann.session.accessToken}`);
      return ((await response.json()) as { data: { count: number } }).data.count;
    };
    let count = await ask();
    while (count < 2) count = await ask();
    assert.equal(count, 2);
  });
});
