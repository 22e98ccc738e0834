import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '../../../app/lib/database/pool';
import { newSecretId } from '../../../app/lib/database/ids';
import { MediaFiles } from '../../../app/lib/media/files';
import { Purge, type PurgeOptions } from '../../../app/lib/retention/purge';
import { settings } from '../../../config/settings';
import { groupOf } from '../../support/group';
import { people } from '../../support/person';
import { daysAgo, fillConversation, purge } from '../../support/retention';
import { app, count, select } from '../../support/service';

const purges: Purge[] = [];
const databases: Database[] = [];

afterEach(async () => {
  await Promise.all(purges.splice(0).map(each => each.stop()));
  await Promise.all(databases.splice(0).map(each => each.close()));
});

/** The purge of another process. */
function purgeWith(given: Partial<PurgeOptions> & { dir?: string } = {}): Purge {
  const database = new Database({ ...settings.database, connections: 1 });
  const files = new MediaFiles(given.dir ?? settings.im.mediaDir);
  const options = {
    retentionDays: 30,
    unusedMediaDays: 7,
    syncDays: 30,
    refreshTtl: 2_592_000,
    rest: () => Promise.resolve(),
    ...given,
  };
  const made = new Purge(database, files, options);
  purges.push(made);
  return made;
}

/** A conversation that holds nothing but so many old messages. */
async function oldMessages(howMany: number): Promise<string> {
  const [ann, bob] = await people(2);
  const { id } = await groupOf([ann, bob]);
  await fillConversation(Number(id), Number(ann.id), howMany, daysAgo(40));
  return id;
}

const left = (id: string) => count('message WHERE conversation_id = :id', { id });

/** What the conversation's row says of its beginning, and the place of the first message that it has. */
const beginningOf = async (id: string) => {
  const [row] = await select(
    'SELECT purged_seq, (SELECT MIN(seq) FROM message WHERE conversation_id = c.id) AS first FROM conversation c WHERE id = :id',
    { id },
  );
  return { purged: row.purged_seq as number, first: row.first as number };
};

describe('a purge', () => {
  // Takes what other tests have left that is old.
  before(() => purge());

  it('leaves the database alone three times as long as each chunk has taken', async () => {
    const id = await oldMessages(2000);
    const rests: number[] = [];
    const rest = (ms: number) => Promise.resolve(void rests.push(ms));
    // It looks before and after a chunk, and each look is later than the one before by a millisecond more.
    let [time, looks] = [0, 0];
    const clock = () => (time += ++looks);
    assert.equal(await purgeWith({ rest, clock }).run(), 2000);
    assert.equal(await left(id), 0);
    assert.deepEqual(
      rests,
      rests.map((_, chunk) => 3 * 2 * (chunk + 1)),
    );
    assert.ok(rests.length > 8, 'after each chunk');
  });

  it('that has more than one thing to do does a chunk of each in turn', async () => {
    const [old, dissolved] = [await oldMessages(3000), await oldMessages(3000)];
    await app.model.Conversation.destroy({ where: { id: dissolved } });
    await app.model.DissolvedConversation.create({ conversationId: Number(dissolved) });
    let together = false;
    const rest = async () => {
      const [one, two] = [await left(old), await left(dissolved)];
      together ||= one > 0 && one < 3000 && two > 0 && two < 3000;
    };
    await purgeWith({ rest }).run();
    assert.ok(together);
    assert.deepEqual([await left(old), await left(dissolved)], [0, 0]);
  });

  it('stops after the chunk it is at, and another goes on from there', async () => {
    const id = await oldMessages(3000);
    let stopped: Promise<void> | undefined;
    const stopping = purgeWith({
      rest: async () => {
        if ((await left(id)) < 3000) stopped = stopping.stop();
      },
    });
    const purged = await stopping.run();
    await stopped;
    const { purged: seq, first } = await beginningOf(id);
    assert.ok(purged! > 0 && purged! < 3000);
    assert.deepEqual([await left(id), first], [3000 - purged!, seq + 1], 'what is said to be gone is gone');
    assert.equal(await stopping.run(), undefined, 'it is over');
    assert.equal(await purgeWith().run(), 3000 - purged!);
    assert.equal(await left(id), 0);
  });

  it('wakes up from its rest to stop', async () => {
    await oldMessages(600);
    let resting: (() => void) | undefined;
    const rested = new Promise<void>(resolve => (resting = resolve));
    const sleeping = purgeWith({
      rest: (_ms, signal) => {
        resting?.();
        return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('awake'))));
      },
    });
    const running = sleeping.run();
    await rested;
    await sleeping.stop();
    assert.equal(typeof (await running), 'number');
    await purge();
  });

  it('runs once at a time, in whatever process', async () => {
    const id = await oldMessages(1500);
    const busy = purgeWith({
      rest: async () => {
        assert.equal(await other.run(), undefined, 'another process');
        assert.equal(await busy.run(), undefined, 'the same');
      },
    });
    const other = purgeWith();
    assert.equal(await busy.run(), 1500);
    assert.equal(await left(id), 0);
    assert.equal(await other.run(), 0, 'its turn');
  });

  it('lets go of its turn when its process dies', async () => {
    const id = await oldMessages(1500);
    const dying = purgeWith({
      rest: async () => {
        if ((await left(id)) === 1500) return;
        const [{ id: connection }] = await select(
          "SELECT IS_USED_LOCK(CONCAT('egg-im:retention:', LEFT(SHA2(DATABASE(), 256), 32))) AS id",
        );
        await app.model.query(`KILL ${connection}`);
      },
    });
    await assert.rejects(dying.run(), { code: 'UNAVAILABLE' });
    const remaining = await left(id);
    assert.ok(remaining > 0 && remaining < 1500);
    assert.equal(await purgeWith().run(), remaining);
  });

  it('goes on with the rest when one part fails, and fails then', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'egg-im-media-'));
    try {
      // A directory in the place of a file can not be removed as one.
      const id = newSecretId();
      mkdirSync(join(dir, id.slice(0, 2), id), { recursive: true });
      writeFileSync(join(dir, id.slice(0, 2), id, 'x'), '');
      const row = { app: 'default', userId: 1, size: 1, mime: 'image/png', lastUsedAt: daysAgo(400) };
      await app.model.Media.create({ ...row, id });
      const dissolved = await oldMessages(1200);
      await app.model.DissolvedConversation.create({ conversationId: Number(dissolved) });
      const old = await oldMessages(1200);
      await assert.rejects(purgeWith({ dir }).run(), { code: 'ERR_FS_EISDIR' });
      assert.deepEqual([await left(dissolved), await left(old)], [0, 0]);
      assert.equal(await count('media_file WHERE id = :id', { id }), 1, 'the row is found again by the next run');
      rmSync(join(dir, id.slice(0, 2), id), { recursive: true });
      await purgeWith({ dir }).run();
      assert.equal(await count('media_file WHERE id = :id', { id }), 0);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  it('begins a chunk again that stands in the way of others', async () => {
    const id = await oldMessages(600);
    // Holds the row that the purge has to write, until the purge has given up waiting for it once.
    const database = new Database({ ...settings.database, connections: 1 });
    databases.push(database);
    let release: (() => void) | undefined;
    const released = new Promise<void>(resolve => (release = resolve));
    const holding = new Promise<void>((resolve, reject) => {
      database
        .begin(async session => {
          await session.query([`SELECT id FROM conversation WHERE id = ${id} FOR UPDATE`]);
          resolve();
          await released;
          await session.commit([]);
        })
        .catch(reject);
    });
    await holding;
    const since = await lockWaits();
    const running = purgeWith().run();
    await waitedTwice(since);
    release!();
    assert.equal(await running, 600);
    assert.equal(await left(id), 0);
  });
});

const lockWaits = async () => {
  const [row] = await select("SHOW GLOBAL STATUS LIKE 'Innodb_row_lock_waits'");
  return Number(row.Value);
};

/** Resolves when statements have begun to wait for a lock twice since then: the first time has ended in vain. */
async function waitedTwice(since: number): Promise<void> {
  for (const deadline = Date.now() + 10_000; (await lockWaits()) < since + 2;) {
    assert.ok(Date.now() < deadline, 'nobody has waited twice');
  }
}
