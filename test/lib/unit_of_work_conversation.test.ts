import assert from 'node:assert/strict';
import { SELECT_NOW } from '../../app/lib/database/statement';
import { MemberCache } from '../../app/lib/message/members';
import { unitsOver, type RunUnit, type UnitOfWork } from '../../app/lib/unit_of_work';
import { drivers } from '../support/drivers';
import { groupOf } from '../support/group';
import { people } from '../support/person';
import { app, count } from '../support/service';
import { blocked, endOf, headOf, noticeDraft, streamAfter, textDraft } from '../support/unit';

for (const [name, driver] of drivers) {
  describe(`a conversation in a unit of work over ${name}`, () => {
    let ann: number;
    let bob: number;
    let cat: number;
    let id: number;
    let run: RunUnit;

    const locked = async (unit: UnitOfWork) => (await unit.find(id))!;

    before(async () => {
      const persons = await people(3);
      id = Number((await groupOf(persons.slice(0, 2))).id);
      [ann, bob, cat] = persons.map(each => Number(each.id));
    });
    beforeEach(() => {
      run = unitsOver(driver(), new MemberCache(), () => undefined);
    });

    it('stores messages, their one entry and the end of their conversation together', async () => {
      const [annHead, bobHead] = [await headOf(ann), await headOf(bob)];
      const [first, second] = await run(async unit => {
        const conversation = await locked(unit);
        const messages = [conversation.place(textDraft(ann)), conversation.place(textDraft(bob))];
        unit.append(conversation, messages);
        return messages;
      });
      assert.equal(second.seq, first.seq + 1);
      const of = 'message WHERE conversation_id = :id AND seq = :seq AND sender_id = :sender AND sync_seq = :syncSeq';
      assert.equal(await count(of, { id, seq: first.seq, sender: ann, syncSeq: annHead + 1 }), 1);
      assert.equal(await count(of, { id, seq: second.seq, sender: bob, syncSeq: bobHead + 1 }), 1);
      assert.deepEqual([first.syncSeq, second.syncSeq], [annHead + 1, bobHead + 1]);
      const [row] = await streamAfter(bob, bobHead);
      const stored = { type: 'message.new', fromSeq: first.seq, toSeq: second.seq, payload: null };
      assert.deepEqual(row, { ...stored, syncSeq: bobHead + 1, at: second.sentAt });
      assert.deepEqual(await endOf(id), { lastSeq: second.seq, count: second.count, lastAt: second.sentAt });
    });

    it('gives a message no place in the stream of a sender who does not receive it', async () => {
      const message = await run(async unit => {
        const conversation = await locked(unit);
        const placed = conversation.place(textDraft(ann));
        unit.append(conversation, [placed], [bob]);
        return placed;
      });
      assert.equal(message.syncSeq, 0);
      const of = 'message WHERE conversation_id = :id AND seq = :seq AND sync_seq = 0';
      assert.equal(await count(of, { id, seq: message.seq }), 1);
    });

    it('counts notices and messages, and no lines of the system', async () => {
      const counts = await run(async unit => {
        const conversation = await locked(unit);
        const before = conversation.count;
        unit.post(conversation, [ann, bob], { event: 'renamed', by: String(ann), name: 'We' });
        const afterLine = conversation.count - before;
        const { count: ofNotice } = unit.say(conversation, [ann, bob], noticeDraft());
        const message = conversation.place(textDraft(ann));
        unit.append(conversation, [message]);
        return { stored: conversation.count, grown: [afterLine, ofNotice - before, message.count - before] };
      });
      assert.deepEqual(counts.grown, [0, 1, 2]);
      assert.equal(await count('conversation WHERE id = :id AND count = :count', { id, count: counts.stored }), 1);
    });

    it("dates everything by the database's time", async () => {
      const clock = async () => (await app.engine.database.query([SELECT_NOW]))[0][0].now;
      const head = await headOf(ann);
      const before = await clock();
      const { sentAt } = await run(async unit => unit.say(await locked(unit), [ann], noticeDraft()));
      await run(unit => Promise.resolve(unit.record(blocked('1', [ann]))));
      const after = await clock();
      const [said, recorded] = (await streamAfter(ann, head)).map(row => row.at as Date);
      assert.deepEqual(said, sentAt);
      const times = [before, said, recorded, after].map(each => each.getTime());
      assert.deepEqual(
        times,
        [...times].sort((a, b) => a - b),
      );
    });

    it('dates no message before the last one of its conversation, whatever the clock says', async () => {
      await app.engine.database.query([`UPDATE conversation SET last_at = last_at + INTERVAL 1 HOUR WHERE id = ${id}`]);
      const { lastAt } = await endOf(id);
      const head = await headOf(ann);
      const [said, placed] = await run(async unit => {
        const conversation = await locked(unit);
        const message = conversation.place(textDraft(ann));
        unit.append(conversation, [message], [ann]);
        return [unit.say(conversation, [ann], noticeDraft()), message];
      });
      assert.deepEqual([said.sentAt, placed.sentAt], [lastAt, lastAt]);
      const rows = await streamAfter(ann, head);
      assert.deepEqual(
        rows.map(row => row.at),
        [lastAt, lastAt],
      );
    });

    it('has members read anew only when it is said that they have changed', async () => {
      const idsOf = () => run(async unit => (await locked(unit)).members.ids);
      const add = `INSERT INTO conversation_member (conversation_id, user_id, joined_at) VALUES (${id},${cat},NOW())`;
      assert.equal((await idsOf()).length, 2);
      await run(unit => Promise.resolve(unit.defer(add)));
      assert.equal((await idsOf()).length, 2);
      await run(async unit => unit.membersChanged(await locked(unit)));
      assert.deepEqual(new Set(await idsOf()), new Set([ann, bob, cat]));
    });

    it('does not find a conversation that is not there', async () => {
      assert.equal(await run(unit => unit.find(99)), undefined);
    });
  });
}
