import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { SELECT_NOW } from '../../app/lib/database/statement';
import { MemberCache } from '../../app/lib/message/members';
import type { Publication } from '../../app/lib/stream/entry';
import { unitsOver, type RunUnit, type UnitOfWork } from '../../app/lib/unit_of_work';
import { drivers } from '../support/drivers';
import { groupOf } from '../support/group';
import { people } from '../support/person';
import { select, storesNothing } from '../support/service';
import { blocked, endOf, headOf, namesIn, noticeDraft, streamAfter } from '../support/unit';

for (const [name, driver] of drivers) {
  describe(`a unit of work over ${name}`, () => {
    let ann: number;
    let bob: number;
    let id: number;
    let pushed: Publication[];
    let run: RunUnit;

    const locked = async (unit: UnitOfWork) => (await unit.find(id))!;

    before(async () => {
      const persons = await people(2);
      id = Number((await groupOf(persons)).id);
      [ann, bob] = persons.map(each => Number(each.id));
    });
    beforeEach(() => {
      pushed = [];
      run = unitsOver(driver(), new MemberCache(), publications => pushed.push(...publications));
    });

    /** Nothing is stored or pushed, and no stream and no conversation has moved. */
    async function comesToNothing(work: (unit: UnitOfWork) => Promise<unknown>, error: object): Promise<void> {
      const state = async () => [await headOf(ann), await headOf(bob), await endOf(id)];
      const before = await state();
      await storesNothing(() => assert.rejects(run(work), error));
      await turn();
      assert.deepEqual(await state(), before);
      assert.deepEqual(pushed, []);
    }

    it('puts entries into each stream in the order of recording, and pushes the places it has there', async () => {
      const [annHead, bobHead] = [await headOf(ann), await headOf(bob)];
      const answer = await run(unit => {
        unit.record(blocked('1', [ann, bob]));
        unit.record(blocked('2', [bob]));
        unit.record(blocked('3', [bob, ann]));
        return Promise.resolve('done');
      });
      assert.equal(answer, 'done');
      assert.deepEqual(namesIn(await streamAfter(ann, annHead)), ['1', '3']);
      assert.deepEqual(namesIn(await streamAfter(bob, bobHead)), ['1', '2', '3']);
      assert.deepEqual([await headOf(ann), await headOf(bob)], [annHead + 2, bobHead + 3]);
      await turn();
      assert.deepEqual(
        pushed.map(each => each.to),
        [
          [ann, annHead + 1, bob, bobHead + 1],
          [bob, bobHead + 2],
          [bob, bobHead + 3, ann, annHead + 2],
        ],
      );
    });

    it('records for streams that were locked ahead, behind what was deferred until then', async () => {
      const [annHead, bobHead] = [await headOf(ann), await headOf(bob)];
      const noticesOf = async () =>
        Number((await select('SELECT notice_seq AS seq FROM user_inbox WHERE user_id = :ann', { ann }))[0].seq);
      const notices = await noticesOf();
      const seen = await run(async unit => {
        unit.defer(`UPDATE user_inbox SET notice_seq = notice_seq + 1 WHERE user_id = ${ann}`);
        await unit.lockStreams([bob, ann, bob]);
        const [rows] = await unit.session.query([SELECT_NOW]);
        unit.record(blocked('1', [ann, bob]));
        unit.record(blocked('2', [ann]));
        return rows[0].now >= (await unit.now());
      });
      assert.ok(seen);
      assert.equal(await noticesOf(), notices + 1);
      assert.deepEqual(namesIn(await streamAfter(ann, annHead)), ['1', '2']);
      assert.deepEqual(namesIn(await streamAfter(bob, bobHead)), ['1']);
    });

    it('begins anew after a conflict, and records nothing twice', async () => {
      const head = await headOf(ann);
      const { lastSeq } = await endOf(id);
      let attempts = 0;
      await run(async unit => {
        const conversation = await locked(unit);
        unit.say(conversation, [ann], noticeDraft());
        unit.record(blocked(`${++attempts}`, [ann]));
        // An id that is taken: the next attempt would look again and find it free.
        if (attempts < 3) unit.defer(`INSERT INTO user_inbox (user_id) VALUES (${ann})`);
      });
      const rows = await streamAfter(ann, head);
      assert.deepEqual(namesIn(rows.slice(1)), ['3']);
      assert.deepEqual([rows[0].fromSeq, rows[0].toSeq], [lastSeq + 1, lastSeq + 1]);
      await turn();
      assert.deepEqual(
        pushed.map(each => each.to),
        [
          [ann, head + 1],
          [ann, head + 2],
        ],
      );
    });

    it('publishes when another connection sees what was stored', async () => {
      const head = await headOf(ann);
      const looks: Promise<unknown[]>[] = [];
      const others = unitsOver(driver(), new MemberCache(), () => looks.push(streamAfter(ann, head)));
      await others(async unit => {
        unit.say(await locked(unit), [ann], noticeDraft());
        await unit.lockStreams([ann]);
        assert.deepEqual(await streamAfter(ann, head), []);
      });
      await turn();
      const seen = await Promise.all(looks);
      assert.deepEqual(
        seen.map(rows => rows.length),
        [1],
      );
    });

    it('publishes nothing when there is nothing to tell', async () => {
      let published = 0;
      await unitsOver(driver(), new MemberCache(), () => published++)(unit => unit.now());
      await turn();
      assert.equal(published, 0);
    });

    it('comes to nothing when the work throws after all was recorded', async () => {
      const refused = new Error('refused');
      await comesToNothing(async unit => {
        unit.say(await locked(unit), [ann, bob], noticeDraft());
        unit.record(blocked('1', [ann]));
        throw refused;
      }, refused);
    });

    it('comes to nothing when a statement at its end fails, early or late', async () => {
      const work = (early: boolean) => async (unit: UnitOfWork) => {
        unit.say(await locked(unit), [ann, bob], noticeDraft());
        if (!early) await unit.lockStreams([ann, bob]);
        unit.defer('UPDATE nowhere SET a = 1');
      };
      for (const early of [true, false]) await comesToNothing(work(early), /nowhere/);
    });
  });
}
