import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { MediaAddresses } from '../../app/lib/media/address';
import { newSecretId } from '../../app/lib/database/ids';
import type { SentMessage } from '../../app/schema/message';
import { groupOf } from '../support/group';
import { Node } from '../support/node';
import { people, person, type Person } from '../support/person';
import type { Failure } from '../support/refusal';
import { ageMessages, purge } from '../support/retention';
import { noise } from '../support/samples';
import { app } from '../support/service';
import { get, idOf, png, upload } from '../support/upload';

const HOUR_MS = 3_600_000;

/** A picture that Ann has sent to Bob. */
async function sent(content: Buffer = png) {
  const [ann, bob] = await people(2);
  const media = await upload(ann, { content });
  const message = await send(ann, { to: { userId: bob.id } }, media.id);
  return { ann, bob, media, message, url: String(message.content.url) };
}

function send(sender: Person, target: object, mediaId: string): Promise<SentMessage> {
  const body = { ...target, clientMsgId: randomUUID(), type: 'image', content: { mediaId } };
  return sender.ask('message.send', { body });
}

/** How a download is answered: its status, and the code of a refusal. */
async function answerTo(path: string): Promise<string> {
  const response = await get(path);
  if (response.status === 200) return '200';
  const { error } = (await response.json()) as { error: Failure };
  return `${response.status} ${error.code}`;
}

const NOT_FOUND = '404 NOT_FOUND';

function changed(url: string, name: string, value: string): string {
  const other = new URL(url, 'http://x');
  if (value) other.searchParams.set(name, value);
  else other.searchParams.delete(name);
  return other.pathname + other.search;
}

describe('the address of a file', () => {
  it('is all that a page needs, and without it nobody gets the file, whose id alone opens nothing', async () => {
    const { ann, url, media } = await sent();
    assert.equal(await answerTo(url), '200');
    const authorization = `Bearer ${ann.session.accessToken}`;
    assert.equal((await get(`/media/${media.id}`, { authorization })).status, 404);
    for (const path of [`/media/${media.id}`, `/media/${media.id}/thumbnail`])
      assert.equal(await answerTo(path), NOT_FOUND);
  });

  it('ends after a while, and the message then comes with another', async () => {
    const { bob, url, message } = await sent();
    const { conversationId, seq } = message;
    const past = new MediaAddresses(app.config.im.jwtSecret, 3600, () => Date.now() - 2 * HOUR_MS);
    const old = past.of(idOf(url), `${conversationId}.${seq}`);
    for (const path of [old.url, old.thumbnailUrl]) assert.equal(await answerTo(path), '403 ADDRESS_EXPIRED');
    const [again] = await bob.call('message.batch', { conversationId, seqs: [seq] });
    assert.equal(await answerTo(String(again.content.url)), '200');
  });

  it('can not be changed: not its signature, its time, its message or its file', async () => {
    const { ann, bob, url } = await sent();
    const other = await send(ann, { to: { userId: bob.id } }, (await upload(ann, { content: png })).id);
    const [, sign] = /sign=(.+)/.exec(url)!;
    const later = new URL(url, 'http://x').searchParams.get('until')! + '0';
    const paths = [
      changed(url, 'sign', ''),
      changed(url, 'sign', sign.slice(0, -1)),
      changed(url, 'sign', sign.split('').reverse().join('')),
      changed(url, 'until', later),
      changed(url, 'until', ''),
      changed(url, 'in', `${other.conversationId}.${other.seq}`),
      changed(url, 'in', ''),
      url.replace(idOf(url), idOf(String(other.content.url))),
      url.replace(idOf(url), newSecretId()),
      `${url}&sign=x`.replace(/(sign=[^&]+)&(sign=x)/, '$2&$1'),
    ];
    for (const path of paths) assert.equal(await answerTo(path), NOT_FOUND, path);
  });

  it('reaches no other file by any path', async () => {
    const { url, media } = await sent();
    const query = url.slice(url.indexOf('?'));
    const bare = media.id;
    for (const path of [
      `/media/${bare}/thumbnail/x${query}`,
      `/media/${bare}/original${query}`,
      `/media/${bare}%00${query}`,
      `/media/..%2f${bare}${query}`,
      `/media/%2e%2e%2f${bare}${query}`,
      `/media/unfinished${query}`,
      `/media/${(await app.model.Media.findByPk(bare))!.fileId}${query}`,
    ]) {
      const { status } = await get(path);
      assert.ok([400, 404].includes(status), `${path}: ${status}`);
    }
  });

  it('that the uploader was told is good for a while, whether the file is sent or not', async () => {
    const media = await upload(await person(), { content: png });
    assert.deepEqual([await answerTo(media.url), await answerTo(media.thumbnailUrl!)], ['200', '200']);
  });

  it('is the same at every node that has the same secret', async () => {
    const { bob, url, message } = await sent();
    const { conversationId, seq } = message;
    const node = await Node.start();
    try {
      assert.equal((await fetch(`${node.url}${url}`)).status, 200);
      const client = await node.connect(bob);
      const [{ content }] = await client.call('message.batch', { conversationId, seqs: [seq] });
      assert.equal(await answerTo(String(content.url)), '200');
    } finally {
      await node.stop();
    }
  });
});

describe('the file of a message that is gone', () => {
  it('is served no more when it was recalled, but for another message that shows it', async () => {
    const { ann, bob, url, message, media } = await sent();
    const again = await send(ann, { to: { userId: bob.id } }, media.id);
    const { conversationId, seq } = message;
    await ann.call('message.recall', { conversationId, seq });
    for (const path of [url, String(message.content.thumbnailUrl)]) assert.equal(await answerTo(path), NOT_FOUND);
    assert.equal(await answerTo(String(again.content.url)), '200');
    await ann.call('message.recall', { conversationId, seq: again.seq });
    assert.equal(await answerTo(String(again.content.url)), NOT_FOUND);
  });

  it('is served no more when it was deleted for both, and is when it was for one alone', async () => {
    const { ann, bob, url, message } = await sent();
    const { conversationId, seq } = message;
    await bob.call('message.remove', { conversationId, seqs: [seq], for: 'me' });
    assert.equal(await answerTo(url), '200');
    await ann.call('message.remove', { conversationId, seqs: [seq], for: 'both' });
    assert.equal(await answerTo(url), NOT_FOUND);
  });

  it('is served no more when it was purged', async () => {
    const { ann, bob, url, message, media } = await sent();
    const later = await send(ann, { to: { userId: bob.id } }, media.id);
    await ageMessages(message.conversationId, 1, 40);
    await purge();
    assert.deepEqual([await answerTo(url), await answerTo(String(later.content.url))], [NOT_FOUND, '200']);
  });

  it('is served no more when its group was dissolved', async () => {
    const [ann, bob] = await people(2);
    const { id } = await groupOf([ann, bob]);
    const { content } = await send(ann, { conversationId: id }, (await upload(ann, { content: png })).id);
    assert.equal(await answerTo(String(content.url)), '200');
    await ann.call('group.dissolve', { groupId: id });
    assert.equal(await answerTo(String(content.url)), NOT_FOUND);
  });

  it('is not served for a message that shows another, however its address was come by', async () => {
    const { url, message, media } = await sent();
    const { id } = await upload(await person(), { content: png });
    const signer = new MediaAddresses(app.config.im.jwtSecret, 3600);
    const place = `${message.conversationId}.${message.seq}`;
    assert.equal(await answerTo(signer.of(id, place).url), NOT_FOUND);
    assert.deepEqual([await answerTo(signer.of(media.id, place).url), await answerTo(url)], ['200', '200']);
  });
});

describe('a file that is read', () => {
  it('comes in parts, with the tag of its content, and is kept for as long as its address is good', async () => {
    const { url } = await sent();
    const { headers } = await get(url);
    const [, seconds] = /^private, max-age=(\d+), immutable$/.exec(headers.get('cache-control')!)!;
    assert.ok(Number(seconds) >= 3590 && Number(seconds) <= 5400, seconds);
    const etag = headers.get('etag')!;
    const part = await get(url, { range: 'bytes=0-3', 'if-range': etag });
    assert.deepEqual([part.status, await part.text()], [206, png.toString('utf8', 0, 4)]);
    assert.equal((await get(url, { 'if-none-match': etag, 'cache-control': 'max-age=0' })).status, 304);
    const { url: same } = await sent();
    assert.equal((await get(same, { 'if-none-match': etag, 'cache-control': 'max-age=0' })).status, 304, 'one content');
  });

  it('has a small picture, with a tag of its own', async () => {
    const { message, url } = await sent(await noise(1600, 1200).jpeg().toBuffer());
    const [whole, small] = [await get(url), await get(String(message.content.thumbnailUrl))];
    assert.deepEqual(
      [whole.headers.get('content-type'), small.headers.get('content-type')],
      ['image/jpeg', 'image/webp'],
    );
    const bytes = Buffer.from(await small.arrayBuffer());
    assert.equal(bytes.length, Number(small.headers.get('content-length')));
    const { width } = await sharp(bytes).metadata();
    assert.ok(width > 0 && width < 1600, `${width} pixels wide`);
    assert.equal(small.headers.get('x-content-type-options'), 'nosniff');
    assert.notEqual(small.headers.get('etag'), whole.headers.get('etag'));
  });

  it('that a version before has stored is read by the messages of then', async () => {
    const { bob, message, media } = await sent();
    const { conversationId, seq } = message;
    const content = { url: `/media/${media.id}`, size: png.length, mime: 'image/png' };
    await app.model.Message.update({ content: JSON.stringify(content) }, { where: { conversationId, seq } });
    const [given] = await bob.call('message.batch', { conversationId, seqs: [seq] });
    assert.deepEqual({ ...given.content, url: '' }, { ...content, url: '' });
    assert.equal(await answerTo(String(given.content.url)), '200');
    assert.equal(await answerTo(content.url), NOT_FOUND);
  });
});
