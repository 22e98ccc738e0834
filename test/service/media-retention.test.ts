import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newSecretId } from '../../app/lib/database/ids';
import { people, person, type Person } from '../support/person';
import { ageMessages, daysAgo, purge } from '../support/retention';
import { videoMp4 } from '../support/samples';
import { app, select } from '../support/service';
import { get, idOf, png, upload } from '../support/upload';

/** A medium that nobody has used for so many days. */
async function unusedFor(days: number, owner: Person, content = png): Promise<string> {
  const { url } = await upload(owner, { content });
  await app.model.Media.update({ lastUsedAt: daysAgo(days) }, { where: { id: idOf(url) } });
  return url;
}

const lastUsed = async (url: string) => {
  const [row] = await select('SELECT last_used_at FROM media WHERE id = :id', { id: idOf(url) });
  return row.last_used_at as Date;
};

const statusOf = async (url: string) => (await get(url)).status;

/** Right now, but for what the test itself takes. */
const isFresh = (at: Date) => Date.now() - at.getTime() < 60_000;

describe('media that nobody uses any more', () => {
  // Takes what other tests have left that is old.
  before(() => purge());

  it('go a day after the messages that may have shown them', async () => {
    const ann = await person();
    const [gone, kept] = [await unusedFor(32, ann), await unusedFor(30.5, ann)];
    await purge();
    assert.deepEqual([await statusOf(gone), await statusOf(kept)], [404, 200]);
    assert.deepEqual(await select('SELECT id FROM media WHERE id = :id', { id: idOf(gone) }), []);
  });

  it('go however many they are', async () => {
    const ann = await person();
    const row = { app: 'default', userId: Number(ann.id), size: 1, mime: 'image/png', lastUsedAt: daysAgo(40) };
    await app.model.Media.bulkCreate(Array.from({ length: 120 }, () => ({ ...row, id: newSecretId() })));
    assert.equal(await purge(), 240, 'with their files, also those that a crash has taken before');
  });

  it('stay when messages are kept for ever', async () => {
    const url = await unusedFor(4000, await person());
    await purge({ retentionDays: 0 });
    assert.equal(await statusOf(url), 200);
    await purge();
  });

  it('stay while a profile or a group shows them', async () => {
    const [ann, bob] = await people(2);
    const [avatar, background, picture, former] = await Promise.all([1, 2, 3, 4].map(() => unusedFor(50, ann)));
    await ann.call('user.update', { avatar: former });
    await ann.call('user.update', { avatar, background });
    await ann.call('group.create', { name: 'Us', avatar: picture, memberIds: [bob.id] });
    const ids = [avatar, background, picture, former].map(idOf);
    assert.ok((await Promise.all([avatar, background, picture].map(lastUsed))).every(isFresh));
    await app.model.Media.update({ lastUsedAt: daysAgo(50) }, { where: { id: ids } });
    await purge();
    assert.deepEqual(await Promise.all([avatar, background, picture, former].map(statusOf)), [200, 200, 200, 404]);
    await ann.call('user.update', { avatar: null, background: null });
    await app.model.Media.update({ lastUsedAt: daysAgo(50) }, { where: { id: ids } });
    await purge();
    assert.deepEqual(await Promise.all([avatar, background, picture].map(statusOf)), [404, 404, 200]);
  });
});

describe('media that are used', () => {
  const send = (ann: Person, bob: Person, type: string, content: object) =>
    ann.ask('message.send', { body: { to: { userId: bob.id }, clientMsgId: randomUUID(), type, content } });

  it('in a message of any type stay for as long as it does', async () => {
    const [ann, bob] = await people(2);
    const files = [png, videoMp4(), png, Buffer.from('a document'), png];
    const urls = await Promise.all(files.map(content => unusedFor(50, ann, content)));
    const [picture, film, poster, document] = urls.map(idOf);
    await send(ann, bob, 'image', { mediaId: picture });
    await send(ann, bob, 'video', { mediaId: film, posterId: poster });
    const { conversationId } = await send(ann, bob, 'file', { mediaId: document });
    assert.deepEqual((await Promise.all(urls.map(lastUsed))).map(isFresh), [true, true, true, true, false]);
    await app.model.Media.update({ lastUsedAt: daysAgo(50) }, { where: { id: urls.map(idOf) } });
    const from = { conversationId, seqs: [1, 2] };
    await ann.call('message.forward', { from, conversationId, merged: true, clientMsgIds: [randomUUID()] });
    await ann.call('message.forward', { from: { ...from, seqs: [3] }, conversationId, clientMsgIds: [randomUUID()] });
    assert.deepEqual((await Promise.all(urls.map(lastUsed))).map(isFresh), [true, true, true, true, false]);
    await purge();
    assert.deepEqual(await Promise.all(urls.map(statusOf)), [200, 200, 200, 200, 404]);

    await ageMessages(conversationId, 5, 33);
    await app.model.Media.update({ lastUsedAt: daysAgo(33) }, { where: { id: urls.map(idOf) } });
    await purge();
    assert.deepEqual(await bob.call('message.index', { conversationId, limit: 50 }), []);
    assert.deepEqual(
      await Promise.all(urls.map(statusOf)),
      urls.map(() => 404),
    );
  });

  it('are noted before the sender is answered, and not at every use of the same hour', async () => {
    const [ann, bob] = await people(2);
    const url = await unusedFor(50, ann);
    const content = { mediaId: idOf(url) };
    await send(ann, bob, 'image', content);
    const first = await lastUsed(url);
    assert.ok(isFresh(first));
    await send(ann, bob, 'image', content);
    assert.deepEqual(await lastUsed(url), first);
  });

  it('do not hold up what is sent after them', async () => {
    const [ann, bob] = await people(2);
    const client = await ann.connect();
    const { conversationId } = await client.send({
      to: { userId: bob.id },
      clientMsgId: randomUUID(),
      type: 'text',
      content: { text: 'see' },
    });
    const url = await unusedFor(50, ann);
    const sent = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        client.send({
          conversationId,
          clientMsgId: randomUUID(),
          ...(index % 2
            ? { type: 'text', content: { text: 'this' } }
            : { type: 'image', content: { mediaId: idOf(url) } }),
        }),
      ),
    );
    assert.deepEqual(
      sent.map(each => each.seq),
      sent.map((_, index) => index + 2),
    );
  });
});

describe('uploads that a crash has left unfinished', () => {
  it('go after a day, also when messages are kept for ever', async () => {
    const unfinished = join(app.config.im.mediaDir, 'unfinished');
    mkdirSync(unfinished, { recursive: true });
    const [old, young] = ['old', 'young'].map(name => join(unfinished, name));
    for (const path of [old, young]) writeFileSync(path, 'the beginning');
    utimesSync(old, daysAgo(2), daysAgo(2));
    await purge({ retentionDays: 0 });
    assert.deepEqual([existsSync(old), existsSync(young)], [false, true]);
    utimesSync(young, daysAgo(2), daysAgo(2));
    await purge({ retentionDays: 0 });
    assert.equal(existsSync(young), false);
  });
});
