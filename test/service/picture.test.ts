import assert from 'node:assert/strict';
import { up } from '../../database/migrations/20261123000100-public-pictures';
import { newSecretId } from '../../app/lib/database/ids';
import { groupOf } from '../support/group';
import { people, person } from '../support/person';
import { refused } from '../support/refusal';
import { app, mm } from '../support/service';
import { get, png, upload } from '../support/upload';

describe('the picture of a user or a group', () => {
  it('is an own upload, for everybody to see and to keep from then on', async () => {
    const [ann, bob] = await people(2);
    const [avatar, background, ours] = await Promise.all([1, 2, 3].map(() => upload(ann, { content: png })));
    const path = ({ id }: { readonly id: string }) => `/media/${id}`;
    assert.equal((await get(path(avatar))).status, 404);
    const me = await ann.call('user.update', { avatar: avatar.url, background: path(background) });
    assert.deepEqual([me.avatar, me.background], [path(avatar), path(background)]);
    const group = await ann.call('group.create', { name: 'Us', avatar: path(ours), memberIds: [bob.id] });
    assert.equal(group.avatar, path(ours));
    for (const medium of [avatar, background, ours]) {
      const { status, headers } = await get(path(medium));
      assert.deepEqual([status, headers.get('cache-control')], [200, 'public, max-age=31536000, immutable']);
      assert.equal((await get(`${path(medium)}/thumbnail`)).status, 200);
    }
    assert.equal((await get(`${path(avatar)}?until=1&sign=x`)).status, 200, 'whatever else stands in its address');
  });

  it('may be what somebody else shows already, so that another admin can leave it', async () => {
    const [ann, bob] = await people(2);
    const { id } = await upload(ann, { content: png });
    await refused(bob.call('user.update', { avatar: `/media/${id}` }), 'MEDIA_NOT_FOUND');
    await ann.call('user.update', { avatar: `/media/${id}` });
    assert.equal((await bob.call('user.update', { avatar: `/media/${id}` })).avatar, `/media/${id}`);
  });

  it('is no file of another kind, none that is not there, and none of another host', async () => {
    const [ann, bob] = await people(2);
    const { id: document } = await upload(ann, { content: 'words' });
    const { id: hers } = await upload(bob, { content: png });
    const { id: groupId } = await groupOf([ann, bob]);
    const attempts: [string, 'MEDIA_NOT_FOUND' | 'INVALID_INPUT'][] = [
      [`/media/${document}`, 'INVALID_INPUT'],
      [`/media/${hers}`, 'MEDIA_NOT_FOUND'],
      [`/media/${newSecretId()}`, 'MEDIA_NOT_FOUND'],
      ['/media/好', 'MEDIA_NOT_FOUND'],
      [`/media/${document}x`, 'MEDIA_NOT_FOUND'],
      ['https://example.com/a.png', 'INVALID_INPUT'],
    ];
    for (const [avatar, code] of attempts) {
      const failures = [
        await refused(ann.call('user.update', { avatar }), code),
        await refused(ann.call('group.update', { groupId, avatar }), code),
        await refused(ann.call('group.create', { name: 'Us', avatar, memberIds: [bob.id] }), code),
      ];
      for (const { details } of failures) assert.match(JSON.stringify(details), /"path":"\/avatar"/);
    }
    assert.equal((await get(`/media/${document}`)).status, 404);
  });

  it('that was shown before there was a difference is public', async () => {
    const ann = await person();
    const [avatar, background, other] = await Promise.all([1, 2, 3].map(() => upload(ann, { content: png })));
    const pictures = {
      avatar: `/media/${avatar.id}`,
      background: `https://chat.example.com/media/${background.id}?w=1`,
    };
    await app.model.User.update(pictures, { where: { id: Number(ann.id) } });
    await up({ sequelize: app.model });
    const statusOf = async ({ id }: { readonly id: string }) => (await get(`/media/${id}`)).status;
    assert.deepEqual(await Promise.all([avatar, background, other].map(statusOf)), [200, 200, 404]);
  });

  it('is of another host where the setting says so', async () => {
    mm(app.config.im, 'foreignMedia', true);
    const avatar = 'https://example.com/a.png';
    assert.equal((await (await person()).call('user.update', { avatar })).avatar, avatar);
  });
});
