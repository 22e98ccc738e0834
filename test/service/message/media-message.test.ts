import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { newSecretId } from '../../../app/lib/database/ids';
import type { Message } from '../../../app/schema/message';
import type { Client } from '../../support/client';
import { groupOf } from '../../support/group';
import { people, text, type Person } from '../../support/person';
import { refused } from '../../support/refusal';
import { videoMp4, voiceMp4 } from '../../support/samples';
import { app, mm, storesNothing } from '../../support/service';
import { get, idOf, png, upload } from '../../support/upload';

const message = (type: string, content: object) => ({ clientMsgId: randomUUID(), type, content });

/** What is stored of a message, without the addresses that it has been given for a while. */
function stored({ content }: Pick<Message, 'content'>): object {
  const { url, thumbnailUrl = url, ...rest } = content;
  for (const address of [url, thumbnailUrl]) assert.match(String(address), /^\/media\//);
  return rest;
}

async function conversation() {
  const [ann, bob] = await people(2);
  const [a, b] = [await ann.connect(), await bob.connect()];
  const { conversationId } = await a.send({ to: { userId: bob.id }, ...text('look') });
  return { ann, bob, a, b, conversationId };
}

const uploads = async (ann: Person) => ({
  image: await upload(ann, { content: png, name: 'cat.png' }),
  video: await upload(ann, { content: videoMp4(), name: 'cat.mp4' }),
  voice: await upload(ann, { content: voiceMp4(), type: 'audio/mp4' }),
  file: await upload(ann, { content: 'the contract', name: 'contract.txt' }),
});

describe('a message with a file', () => {
  it('is sent by the id of the file, and says what the server knows of it', async () => {
    const { ann, a, conversationId } = await conversation();
    for (const [type, { id: mediaId, url, thumbnailUrl, kind, name, ...known }] of Object.entries(await uploads(ann))) {
      assert.equal(kind, type);
      const sent = await a.send({ conversationId, ...message(type, { mediaId }) });
      assert.deepEqual(stored(sent), { mediaId, ...known, ...(type !== 'voice' && { name }) });
      assert.notEqual(sent.content.url, url, 'an address of its own');
      assert.equal('thumbnailUrl' in sent.content, type === 'image', thumbnailUrl);
    }
  });

  it('has the poster of a video, and the name that is given to a file', async () => {
    const { ann, a, conversationId } = await conversation();
    const { image, video, file } = await uploads(ann);
    const film = await a.send({ conversationId, ...message('video', { posterId: image.id, mediaId: video.id }) });
    assert.deepEqual([film.content.posterId, idOf(String(film.content.thumbnailUrl))], [image.id, image.id]);
    assert.equal((await get(String(film.content.thumbnailUrl))).status, 200);
    const content = { mediaId: file.id, name: '合同.txt' };
    assert.equal((await a.send({ conversationId, ...message('file', content) })).content.name, '合同.txt');
    const picture = await a.send({ conversationId, ...message('file', { mediaId: image.id }) });
    assert.deepEqual([picture.content.name, picture.content.mime], ['cat.png', 'image/png']);
  });

  it('is refused with what is not the sender’s, or not of that kind', async () => {
    const { ann, bob, a, conversationId } = await conversation();
    const { image, video, file } = await uploads(ann);
    const { id: hers } = await upload(bob, { content: png });
    await storesNothing(async () => {
      const isRefused = async (
        code: 'MEDIA_NOT_FOUND' | 'INVALID_INPUT',
        type: string,
        content: object,
        path: string,
      ) => {
        const { details } = await refused(a.send({ conversationId, ...message(type, content) }), code);
        assert.match(JSON.stringify(details), new RegExp(`"path":"${path}"`));
      };
      for (const mediaId of [hers, newSecretId()]) {
        await isRefused('MEDIA_NOT_FOUND', 'image', { mediaId }, '/content/mediaId');
        await isRefused('MEDIA_NOT_FOUND', 'video', { mediaId: video.id, posterId: mediaId }, '/content/posterId');
      }
      await isRefused('INVALID_INPUT', 'image', { mediaId: file.id }, '/content/mediaId');
      await isRefused('INVALID_INPUT', 'voice', { mediaId: video.id }, '/content/mediaId');
      await isRefused('INVALID_INPUT', 'video', { mediaId: video.id, posterId: file.id }, '/content/posterId');
      for (const mediaId of ['', 'x', `${image.id}x`, `../${image.id.slice(3)}`, `/media/${image.id}`, 5, null]) {
        await isRefused('INVALID_INPUT', 'image', { mediaId }, '/content');
      }
      await isRefused('INVALID_INPUT', 'image', { mediaId: image.id, url: image.url }, '/content');
    });
  });

  it('that is refused holds up nobody who sends at the same time', async () => {
    const { ann, a, b, conversationId } = await conversation();
    const { id: mediaId } = await upload(ann, { content: png });
    const drafts = [message('image', { mediaId: newSecretId() }), message('image', { mediaId }), text('after it')];
    const [made, ...sent] = await Promise.allSettled(drafts.map(draft => a.send({ conversationId, ...draft })));
    assert.equal(made.status, 'rejected');
    assert.deepEqual(
      sent.map(each => each.status === 'fulfilled' && each.value.seq),
      [2, 3],
      'in the order in which they were sent',
    );
    await b.until(() => b.replica.messages.length === 3 || undefined, 'all that was stored');
  });

  it('is sent once under its id, also when the file has gone since', async () => {
    const { ann, a, conversationId } = await conversation();
    const { file } = await uploads(ann);
    const draft = { conversationId, ...message('file', { mediaId: file.id }) };
    const { seq } = await a.send(draft);
    assert.equal((await a.send(draft)).seq, seq);
    await refused(a.send({ ...draft, content: { mediaId: file.id, name: 'another' } }), 'CONFLICT');
    await refused(a.send({ ...draft, content: { mediaId: newSecretId() } }), 'CONFLICT');
    await app.model.Media.destroy({ where: { id: file.id } });
    assert.equal((await a.send(draft)).seq, seq);
  });

  it('has an address wherever it leaves the server', async () => {
    const { ann, bob, a, b, conversationId } = await conversation();
    const { id: mediaId } = await upload(ann, { content: png, name: 'cat.png' });
    const sent = await a.send({ conversationId, ...message('image', { mediaId }) });
    const { seq } = sent;
    await bob.call('message.star', { conversationId, seq, starred: true });
    await bob.call('message.pin', { conversationId, seq, pinned: true });
    await b.reaches(2);
    const { entries } = await bob.call('sync.pull', { after: 0, limit: 50 });
    const [[starred], [listed]] = [
      await bob.call('message.stars', { limit: 9 }),
      await bob.call('conversation.index', { limit: 9 }),
    ];
    const given = {
      answer: sent,
      push: b.replica.messages.find(each => each.seq === seq),
      pull: entries.flatMap(each => ('messages' in each.data ? each.data.messages : [])).find(each => each.seq === seq),
      history: (await bob.call('message.index', { conversationId, limit: 50 })).at(-1),
      batch: (await bob.call('message.batch', { conversationId, seqs: [seq] }))[0],
      star: starred.message,
      pin: (await bob.call('message.pins', { conversationId }))[0],
      search: (await bob.call('message.search', { q: 'cat.png', limit: 9 }))[0],
      list: listed.lastMessage,
    };
    for (const [where, found] of Object.entries(given)) {
      assert.ok(found, where);
      assert.equal(found.content.mediaId, mediaId, where);
      const response = await get(String(found.content.url));
      assert.equal(response.status, 200, where);
      assert.deepEqual(Buffer.from(await response.arrayBuffer()), png, where);
    }
  });

  it('is forwarded by whoever may see it, with addresses of the new one', async () => {
    const { ann, bob, a, conversationId } = await conversation();
    const { id: mediaId } = await upload(ann, { content: png });
    const { seq } = await a.send({ conversationId, ...message('image', { mediaId }) });
    const { id: target } = await groupOf(await people(2).then(others => [bob, ...others]));
    const from = { conversationId, seqs: [seq] };
    const forward = (merged?: boolean) =>
      bob.call('message.forward', { from, conversationId: target, merged, clientMsgIds: [randomUUID()] });
    const [one] = await forward();
    const [merged] = await forward(true);
    const [{ content }] = merged.content.messages as Pick<Message, 'content'>[];
    await a.call('message.recall', { conversationId, seq });
    for (const { url } of [one.content, content]) {
      assert.match(String(url), new RegExp(`^/media/${mediaId}\\?in=${target}\\.`));
      assert.equal((await get(String(url))).status, 200, 'whatever becomes of the first');
    }
    await refused(
      bob.call('message.send', { conversationId: target, ...message('image', { mediaId }) } as never),
      'MEDIA_NOT_FOUND',
    );
  });
});

describe('a file at another host', () => {
  const content = { url: 'https://example.com/cat.png', size: 3, mime: 'image/png' };
  const say = (client: Client, conversationId: string, given: object) =>
    client.send({ conversationId, ...message('image', given) });

  it('is refused, and so is an address of this server', async () => {
    const { ann, a, conversationId } = await conversation();
    const { url } = await upload(ann, { content: png });
    await storesNothing(async () => {
      await refused(say(a, conversationId, content), 'INVALID_INPUT');
      await refused(say(a, conversationId, { ...content, url }), 'INVALID_INPUT');
    });
  });

  it('is taken where the setting says so, and given as it was sent', async () => {
    const { ann, a, b, conversationId } = await conversation();
    const { url } = await upload(ann, { content: png });
    mm(app.config.im, 'foreignMedia', true);
    await say(a, conversationId, content);
    await b.reaches(2);
    assert.deepEqual(b.replica.messages.at(-1)?.content, content);
    await refused(say(a, conversationId, { ...content, url }), 'INVALID_INPUT');
  });
});
