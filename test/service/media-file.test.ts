import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { MediaFileModel } from '../../app/model/media_file';
import type { Media } from '../../app/schema/media';
import { people, person } from '../support/person';
import { daysAgo, purge } from '../support/retention';
import { app, mm } from '../support/service';
import { get, upload } from '../support/upload';

async function fileOf({ id }: Media): Promise<MediaFileModel> {
  const medium = await app.model.Media.findByPk(id, { include: 'file' });
  return medium!.file!;
}

const bytesOf = async ({ url }: Media) => Buffer.from(await (await get(url)).arrayBuffer());
/** What a file is kept under is there, or its row is. */
const isThere = async (id: string) => [
  (await app.engine.files.sizeOf(id)) !== undefined,
  (await app.model.MediaFile.count({ where: { id } })) === 1,
];

/** Nobody has ever used it, and its time is over. */
const abandon = ({ id }: Media) => app.model.Media.update({ lastUsedAt: daysAgo(40) }, { where: { id } });
const touched = (id: string, days: number) =>
  app.model.MediaFile.update({ touchedAt: daysAgo(days) }, { where: { id } });

describe('the same content', () => {
  // Takes what other tests have left that is old.
  before(() => purge());

  it('is stored once, whoever uploads it and under whatever name', async () => {
    const [ann, bob] = await people(2);
    const content = randomBytes(1000);
    const first = await upload(ann, { content, name: 'mine' });
    mm(app.engine.files, 'keep', () => assert.fail('it is stored again'));
    const second = await upload(bob, { content, name: 'his' });
    mm.restore();
    assert.notEqual(first.id, second.id);
    assert.deepEqual([first.name, second.name], ['mine', 'his']);
    assert.equal((await fileOf(first)).id, (await fileOf(second)).id);
    assert.deepEqual(await bytesOf(second), content);
  });

  it('is there for all who have uploaded it at once', async () => {
    const content = randomBytes(100_000);
    const uploaded = await Promise.all((await people(8)).map(each => upload(each, { content })));
    assert.equal(new Set(await Promise.all(uploaded.map(async each => (await fileOf(each)).id))).size, 1);
    for (const each of uploaded) assert.deepEqual(await bytesOf(each), content);
  });

  it('is stored again when a crash has left a row without its file', async () => {
    const ann = await person();
    const content = randomBytes(1000);
    const { id } = await fileOf(await upload(ann, { content }));
    await app.engine.files.remove(id);
    assert.deepEqual(await bytesOf(await upload(ann, { content })), content);
  });

  it('goes with the last medium that names it, and comes back with the next', async () => {
    const [ann, bob] = await people(2);
    const content = randomBytes(1000);
    const [first, second] = [await upload(ann, { content }), await upload(bob, { content })];
    const { id } = await fileOf(first);
    await touched(id, 2);
    await abandon(first);
    await purge();
    assert.deepEqual([(await get(first.url)).status, await bytesOf(second)], [404, content]);
    assert.equal((await fileOf(second)).touchedAt, null, 'nobody has to look at it again');
    await abandon(second);
    await purge();
    assert.deepEqual(await isThere(id), [false, false]);
    assert.deepEqual(await bytesOf(await upload(ann, { content })), content);
  });

  it('stays a day for an upload that has found it there', async () => {
    const ann = await person();
    const media = await upload(ann, { content: randomBytes(1000) });
    const { id } = await fileOf(media);
    await touched(id, 0.9);
    await abandon(media);
    await purge();
    assert.deepEqual([(await get(media.url)).status, await isThere(id)], [404, [true, true]]);
    await touched(id, 1.1);
    await purge();
    assert.deepEqual(await isThere(id), [false, false]);
  });
});

describe('a file that the version before has stored beside this one', () => {
  it('is served, gets a row of its own, and goes as others do', async () => {
    const ann = await person();
    const media = await upload(ann, { content: randomBytes(1000) });
    const { id, url } = media;
    const content = await bytesOf(media);
    const { files } = app.engine;
    async function* again() {
      yield await Promise.resolve(content);
    }
    const { path } = await files.receive(id, again());
    await files.keep(id, path);
    await files.discard(path);
    await app.model.Media.update({ fileId: null }, { where: { id } });
    assert.deepEqual(await bytesOf(media), content);
    await purge();
    const { kind, mime, size } = await fileOf(media);
    assert.deepEqual({ kind, mime, size }, { kind: media.kind, mime: media.mime, size: 1000 });
    assert.deepEqual(await bytesOf(media), content);
    await abandon(media);
    await purge();
    assert.deepEqual([(await get(url)).status, await isThere(id)], [404, [false, false]]);
  });
});
