import assert from 'node:assert/strict';
import { Client } from '../support/client';
import { haveBefriended } from '../support/friends';
import { MiniProgram } from '../support/mini_program';
import { Node } from '../support/node';
import { people, text } from '../support/person';
import { refused } from '../support/refusal';
import { app, mm, storesNothing } from '../support/service';

const HOUR_MS = 3_600_000;
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const SHOWN = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

/** A process in one zone, and a database in another: each connection that is made from now on begins in it. */
const zones = [
  { process: 'UTC', database: '+08:00' },
  { process: 'Asia/Shanghai', database: '+00:00' },
  { process: 'America/New_York', database: '+08:00' },
];

describe('an instant', () => {
  const setDatabaseZone = (zone: string) => app.model.query(`SET GLOBAL time_zone = '${zone}'`);

  afterEach(() => setDatabaseZone('SYSTEM'));

  for (const zone of zones) {
    it(`is the same everywhere, in a process of ${zone.process} and a database of ${zone.database}`, async () => {
      await setDatabaseZone(zone.database);
      mm(process.env, 'TZ', zone.process);
      const node = await Node.start();
      mm.restore();
      try {
        const [ann, bob] = await people(2);
        const device = await node.connect(ann);
        const began = Date.now();
        const { conversationId, sentAt } = await device.send({ to: { userId: bob.id }, ...text('created there') });
        assert.ok(Math.abs(Date.parse(sentAt) - began) < 10_000, `${sentAt} is now`);
        const edited = await device.call('message.edit', {
          conversationId,
          seq: 1,
          content: { text: 'updated there' },
        });
        const [read] = await bob.call('message.index', { conversationId, limit: 1 });
        assert.deepEqual([read.sentAt, read.editedAt], [sentAt, edited.editedAt]);
        const { entries } = await bob.call('sync.pull', { after: 0, limit: 10 });
        assert.equal(entries[0].at, sentAt);
        // The same row at both processes, in the zone of the settings.
        for (const server of [undefined, node.url]) {
          const page = await MiniProgram.open(bob, ann, { server });
          const [{ created_date: shown }] = (await page.shows('updated there')).data;
          assert.equal(Date.parse(`${shown.replace(' ', 'T')}+08:00`), Math.floor(Date.parse(sentAt) / 1000) * 1000);
        }
        const there = await Client.connect(node.url, { token: bob.session.accessToken }, { after: 0 });
        await there.until(() => there.replica.entries.at(0), 'the first entry');
        assert.equal(there.replica.entries[0].at, sentAt);
        const own = await Client.connect(node.url, { token: bob.session.accessToken, zone: '+08:00' }, { after: 0 });
        const [entry] = await own.until(() => own.told('sync:push').at(0)?.entries, 'the first push');
        const asked = await own.call('message.index', { conversationId, limit: 1 });
        const shown = new Date(Date.parse(sentAt) + 8 * HOUR_MS).toISOString().slice(0, 19).replace('T', ' ');
        assert.deepEqual([entry.at, asked[0].sentAt], [shown, shown]);
      } finally {
        await node.stop();
      }
    });
  }
});

describe('who asks for a zone', () => {
  const zone = '-03:30';
  const headers = { 'time-zone': zone };
  /** The second of a time as others get it. */
  const instantOf = (shown: string) => {
    assert.match(shown, SHOWN);
    return Date.parse(`${shown.replace(' ', 'T')}.000${zone}`);
  };
  const isSame = (shown: string, time: string) =>
    assert.equal(instantOf(shown), Math.floor(Date.parse(time) / 1000) * 1000);

  it('gets the times of a REST answer in it, and of that alone', async () => {
    const [ann, bob] = await people(2);
    const words = new Date(0).toISOString();
    const body = { to: { userId: bob.id }, ...text(words) };
    const sent = await ann.ask('message.send', { body, headers });
    const again = await ann.ask('message.send', { body });
    isSame(sent.sentAt, again.sentAt);
    assert.deepEqual(sent.content, { text: words });
    const query = { after: 0 };
    const [one, other] = [await bob.ask('sync.pull', { query, headers }), await bob.ask('sync.pull', { query })];
    isSame(one.entries[0].at, other.entries[0].at);
    assert.match(again.sentAt, ISO);
  });

  it('gets the times of acks and of all that is pushed to this connection, and no other connection', async () => {
    const [ann, bob] = await people(2);
    await haveBefriended(ann, bob);
    const [shown, plain] = [await bob.connect({ auth: { zone } }), await bob.connect()];
    for (const each of [shown, plain]) await each.call('presence.watch', { userIds: [ann.id] });
    const anns = await ann.connect();
    const { conversationId, sentAt } = await anns.send({ to: { userId: bob.id }, ...text('hello') });
    const pushes = await Promise.all(
      [shown, plain].map(each => each.until(() => each.told('sync:push').at(0), 'a push')),
    );
    assert.equal(pushes[1].entries[0].at, sentAt);
    isSame(pushes[0].entries[0].at, sentAt);
    const { lastAt } = await shown.call('conversation.show', { conversationId });
    isSame(lastAt, sentAt);
    anns.wire.disconnect();
    const gone = (each: Client) => each.told('presence:changed').find(({ online }) => !online);
    const seen = await Promise.all([shown, plain].map(each => each.until(() => gone(each), 'her going')));
    isSame(seen[0].lastSeenAt!, seen[1].lastSeenAt!);
    assert.match(seen[1].lastSeenAt!, ISO);
  });

  for (const version of [2, 3, 4] as const) {
    it(`may have a client of ${version}.x`, async () => {
      const [ann, bob] = await people(2);
      const client = await ann.connect({ version, auth: { zone: '+08:00' } });
      assert.match((await client.send({ to: { userId: bob.id }, ...text('hello') })).sentAt, SHOWN);
    });
  }

  it('is refused where it is no offset, and nothing is done', async () => {
    const [ann, bob] = await people(2);
    const body = { to: { userId: bob.id }, ...text('hello') };
    await storesNothing(async () => {
      const send = ann.ask('message.send', { body, headers: { 'time-zone': 'Asia/Shanghai' } });
      assert.deepEqual((await refused(send, 'INVALID_INPUT')).details, [
        { path: '/headers/time-zone', message: 'an offset such as +08:00 is needed' },
      ]);
    });
    await refused(ann.ask('user.me', { headers: { 'time-zone': '+8' } }), 'INVALID_INPUT');
    const { details } = await refused(ann.connect({ auth: { zone: 'local' } }), 'INVALID_INPUT');
    assert.deepEqual(details, [{ path: '/zone', message: 'an offset such as +08:00 is needed' }]);
  });
});
