import assert from 'node:assert/strict';
import { people, text } from '../support/person';
import { select } from '../support/service';

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** A DATETIME as text, as no driver has touched it. */
async function storedTime(column: string, from: string, id: string): Promise<string> {
  const [row] = await select(`SELECT DATE_FORMAT(${column}, '%Y-%m-%dT%H:%i:%s.%f') AS text FROM ${from}`, { id });
  return `${(row.text as string).slice(0, -3)}Z`;
}

describe('a time', () => {
  const zone = process.env.TZ;

  afterEach(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });

  for (const [name, offset] of Object.entries({ 'Asia/Shanghai': -480, 'America/Caracas': 240, UTC: 0 })) {
    it(`is UTC, stored and told, in a process of ${name}`, async () => {
      process.env.TZ = name;
      assert.equal(new Date().getTimezoneOffset(), offset, 'the zone is in force');
      const began = Date.now();
      const [ann, bob] = await people(2);
      const client = await ann.connect();
      const { id, createdAt } = await ann.ask('group.create', { body: { name: 'Us', memberIds: [bob.id] } });
      const sent = await client.send({ conversationId: id, ...text('what time is it?') });
      await client.reaches(2);
      const times = {
        sentAt: sent.sentAt,
        pushed: client.replica.entries[1].at,
        pulled: (await bob.ask('sync.pull', { query: { after: 0 } })).entries[1].at,
        history: (await bob.ask('message.index', { id }))[0].sentAt,
        lastAt: (await bob.ask('conversation.show', { id })).lastAt,
        message: await storedTime('sent_at', 'message WHERE conversation_id = :id', id),
        conversation: await storedTime('last_at', 'conversation WHERE id = :id', id),
        entry: await storedTime('created_at', "push_history WHERE conversation_id = :id AND type = 'message.new'", id),
      };
      assert.match(sent.sentAt, ISO);
      assert.deepEqual(times, Object.fromEntries(Object.keys(times).map(key => [key, sent.sentAt])));
      assert.ok(Math.abs(Date.parse(sent.sentAt) - began) < 10_000, `${sent.sentAt} is now`);

      assert.match(createdAt, ISO);
      assert.equal(await storedTime('created_at', 'chat_group WHERE id = :id', id), createdAt);
      const { entries } = await bob.ask('sync.pull', { query: { after: 0 } });
      assert.ok(Math.abs(Date.parse(entries[0].at) - began) < 10_000, `${entries[0].at} is now`);
      const [member] = await bob.ask('member.index', { id });
      assert.ok(Math.abs(Date.parse(member.joinedAt) - began) < 10_000, `${member.joinedAt} is now`);
    });
  }
});
