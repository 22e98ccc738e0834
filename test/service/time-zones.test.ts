import assert from 'node:assert/strict';
import { Client } from '../support/client';
import { MiniProgram } from '../support/mini_program';
import { Node } from '../support/node';
import { people, text } from '../support/person';
import { app, mm } from '../support/service';

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
      } finally {
        await node.stop();
      }
    });
  }
});
