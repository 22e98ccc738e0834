import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { purgeNeverUsed } from '../../app/lib/retention/media';
import { people, person, text, type Person } from '../support/person';
import { ageMessages, daysAgo, purge } from '../support/retention';
import { app, mm, select } from '../support/service';
import { get, idOf, png, upload } from '../support/upload';

/** An upload that is that many days ago, and was not used since. */
async function uploaded(days: number, owner: Person): Promise<string> {
  const { url } = await upload(owner, { content: png });
  await app.model.query(
    'UPDATE media SET created_at = created_at - INTERVAL :days DAY, last_used_at = last_used_at - INTERVAL :days DAY WHERE id = :id',
    { replacements: { days, id: idOf(url) } },
  );
  return url;
}

const purgeUnused = () => purge({ retentionDays: 0, unusedMediaDays: 7 });
const statusOf = async (url: string) => (await get(url)).status;
const statusesOf = (urls: readonly string[]) => Promise.all(urls.map(statusOf));
const image = (url: string) => ({
  clientMsgId: randomUUID(),
  type: 'image',
  content: { mediaId: idOf(url) },
});
const send = (ann: Person, bob: Person, message: object) =>
  ann.ask('message.send', { body: { to: { userId: bob.id }, ...message } });

describe('a file that nothing has ever used', () => {
  // Takes what other tests have left that is old.
  before(purgeUnused);

  it('goes after some days, also when messages are kept for ever', async () => {
    const ann = await person();
    const [old, young] = [await uploaded(8, ann), await uploaded(6, ann)];
    assert.equal(await purgeUnused(), 1);
    assert.deepEqual(await statusesOf([old, young]), [404, 200]);
    assert.deepEqual(await select('SELECT id FROM media WHERE id = :id', { id: idOf(old) }), []);
  });

  it('stays when the setting says so', async () => {
    const url = await uploaded(4000, await person());
    await purge({ retentionDays: 0, unusedMediaDays: 0 });
    assert.equal(await statusOf(url), 200);
    await purgeUnused();
  });

  it('is found by an index', async () => {
    // The form that MariaDB and MySQL have both.
    const [plan] = await select(
      'EXPLAIN FORMAT=JSON SELECT id FROM media WHERE unused_since < UTC_TIMESTAMP(3) - INTERVAL 4000 DAY ORDER BY unused_since LIMIT 50',
    );
    assert.match(String(plan.EXPLAIN), /"(key|index_name)": "media_unused_since"/);
  });
});

describe('a file that was used once', () => {
  it('stays for as long as its message, in which an address alone is not one', async () => {
    const [ann, bob] = await people(2);
    const urls = await Promise.all(Array.from({ length: 3 }, () => uploaded(8, ann)));
    await send(ann, bob, image(urls[0]));
    await send(ann, bob, { ...text(`look: ${urls[1]}`), extra: { sticker: urls[1] } });
    await purgeUnused();
    assert.deepEqual(await statusesOf(urls), [200, 404, 404]);
  });

  it('stays when it was sent long ago, and goes when its message has gone', async () => {
    const [ann, bob] = await people(2);
    const url = await uploaded(50, ann);
    const { conversationId } = await send(ann, bob, image(url));
    await app.model.Media.update({ lastUsedAt: daysAgo(40) }, { where: { id: idOf(url) } });
    await purgeUnused();
    assert.equal(await statusOf(url), 200);
    await ageMessages(conversationId, 1, 40);
    await purge();
    assert.equal(await statusOf(url), 404);
  });

  it('stays as a picture of a user or a group', async () => {
    const [ann, bob] = await people(2);
    const [avatar, picture] = [await uploaded(8, ann), await uploaded(8, ann)];
    await ann.call('user.update', { avatar });
    await ann.call('group.create', { name: 'Us', avatar: picture, memberIds: [bob.id] });
    await purgeUnused();
    assert.deepEqual(await statusesOf([avatar, picture]), [200, 200]);
  });

  it('stays when it was sent while the purge had found it unused already', async () => {
    const [ann, bob] = await people(2);
    const [sent, other] = [await uploaded(8, ann), await uploaded(8, ann)];
    const { database } = app.engine;
    await database.exclusively('egg-im:media-unused', async query => {
      let isSent = false;
      const late: typeof query = async (statements, before) => {
        if (before?.includes('START TRANSACTION') && !isSent) {
          isSent = true;
          await send(ann, bob, image(sent));
        }
        return query(statements, before);
      };
      const purging = purgeNeverUsed(late, daysAgo(7));
      while (!(await purging.next()).done) continue;
    });
    assert.deepEqual(await statusesOf([sent, other]), [200, 404]);
  });

  it('is noted no later than its message: a worker that is killed after it forgets nothing', async () => {
    const [ann, bob] = await people(2);
    const url = await uploaded(8, ann);
    mm(app.model.Media, 'update', () => assert.fail('it is noted later'));
    await send(ann, bob, image(url));
    mm.restore();
    await purgeUnused();
    assert.equal(await statusOf(url), 200);
  });
});
