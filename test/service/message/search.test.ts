import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { groupOf } from '../../support/group';
import { people, person, text, type Person } from '../../support/person';
import { refused } from '../../support/refusal';
import { cutOff, find, lookAt, pagesOf, placesOf, seqsOf } from '../../support/search';
import { app, mm } from '../../support/service';

const media = { url: 'https://example.com/jpeg-photo.bin', size: 1, mime: 'application/zip' };

/** Ann and Bob and what Ann has said; the first is seq 1. */
async function said(...texts: string[]) {
  const [ann, bob] = await people(2);
  const { id } = await groupOf([ann, bob]);
  for (const words of texts) await ann.ask('message.create', { id, body: text(words) });
  return { ann, bob, id };
}

const send = (sender: Person, id: string, type: string, content: object) =>
  sender.ask('message.create', { id, body: { clientMsgId: randomUUID(), type, content } });

describe('a search', () => {
  beforeEach(() => mm(app.config.im, 'foreignMedia', true));

  it('finds words of Chinese, as long as one character or several, anywhere in a message', async () => {
    const { bob } = await said('我觉得今天天气很好', '明天再说', 'weather: 天气');
    for (const [q, seqs] of [
      ['今天天气', [1]],
      ['天气', [3, 1]],
      ['天', [3, 2, 1]],
      ['好', [1]],
      ['气很', [1]],
      ['今天气', []],
      ['昨天', []],
    ] as const) {
      assert.deepEqual(seqsOf(await find(bob, q)), seqs, q);
    }
  });

  it('finds the message itself, over REST and as an event', async () => {
    const { ann, bob, id } = await said('lunch at noon?');
    const [history] = await bob.ask('message.index', { id });
    assert.deepEqual(await find(bob, 'noon'), [history]);
    const client = await ann.connect();
    assert.deepEqual(await client.call('message.search', { q: 'noon', limit: 20 }), [history]);
    assert.deepEqual(await client.acked('message:search', { q: 'noon' }), [history], 'limit has a default');
  });

  it('takes words in any order and wants them all; blanks of every kind are between them', async () => {
    const { bob } = await said('The quick brown fox', 'the slow brown bear', '合同 明天 签');
    for (const [q, seqs] of [
      ['brown', [2, 1]],
      ['brown quick', [1]],
      [' fox  \t the ', [1]],
      ['bear quick', []],
      ['签\u3000合同', [3]],
      ['own ick', [1]],
      ['the the THE', [2, 1]],
    ] as const) {
      assert.deepEqual(seqsOf(await find(bob, q)), seqs, q);
    }
  });

  it('makes no difference between upper and lower case, full and half width, with and without accents', async () => {
    const { bob } = await said('Straße CAFÉ', 'ＡＢＣ１２３', 'МОСКВА');
    for (const [q, seq] of Object.entries({ café: 1, CAFE: 1, straße: 1, abc: 2, ｂｃ12: 2, москва: 3 })) {
      assert.deepEqual(seqsOf(await find(bob, q)), [seq], q);
    }
  });

  it('takes signs for what they are', async () => {
    const signs = [
      '100% sure',
      '100 sure',
      'a_b',
      'axb',
      String.raw`C:\new\table`,
      'she said "stop" twice',
      "it's; DROP TABLE message; --",
      'a|b',
      'tab\there',
      '{"text":"json"}',
      '<b>&amp;</b>',
      ':id ? $1',
    ];
    const { bob } = await said(...signs);
    for (const [q, ...seqs] of [
      ['100%', 1],
      ['%', 1],
      ['_', 3],
      ['a_b', 3],
      ['\\', 5],
      ['\\new\\', 5],
      ['\\n', 5],
      ['"stop"', 6],
      ['"', 10, 6],
      ["t's;", 7],
      ["'", 7],
      ['|', 8],
      ['a|b', 8],
      ['here tab', 9],
      ['{"text":"', 10],
      ['&amp;', 11],
      ['/b', 11],
      [':id', 12],
      ['? $1', 12],
      ['＂stop', 6],
      ['Ｃ：＼', 5],
    ] as const) {
      assert.deepEqual(seqsOf(await find(bob, q)), seqs, q);
    }
  });

  it('tells one emoji, or rare character, from another', async () => {
    const { bob } = await said('好的👍', '好的👎', '𠮷野家', '𠮶野家', '👨‍👩‍👧 family', '❤️');
    for (const [q, seqs] of [
      ['👍', [1]],
      ['的👎', [2]],
      ['𠮷野', [3]],
      ['👨‍👩‍👧', [5]],
      ['❤️', [6]],
      ['😀', []],
    ] as const) {
      assert.deepEqual(seqsOf(await find(bob, q)), seqs, q);
    }
  });

  it('looks at what people read, and not at how it is stored', async () => {
    const { ann, bob, id } = await said('nothing to see');
    await send(ann, id, 'file', { ...media, name: '季度报告 Q3.pdf' });
    await send(ann, id, 'image', { ...media, name: 'beach.jpg' });
    await send(ann, id, 'image', media);
    await send(ann, id, 'video', { ...media, name: 'Beach walk.mp4' });
    await send(ann, id, 'location', {
      latitude: 31.2,
      longitude: 121.5,
      name: '人民广场',
      address: 'Huangpi North Road',
    });
    await send(ann, id, 'location', { latitude: 31.2, longitude: 121.5 });
    await send(ann, id, 'voice', { ...media, duration: 2 });
    await send(ann, id, 'custom', { name: 'beach', text: 'beach' });
    for (const [q, seqs] of [
      ['报告', [2]],
      ['q3.PDF', [2]],
      ['beach', [5, 3]],
      ['人民 road', [6]],
      ['text', []],
      ['name', []],
      ['url', []],
      ['jpeg-photo', []],
      ['application/zip', []],
      ['121.5', []],
      ['latitude', []],
    ] as const) {
      assert.deepEqual(seqsOf(await find(bob, q)), seqs, q);
    }
  });

  it('finds a text that ends in half an emoji, as it was stored when that was not refused yet', async () => {
    const { bob, id } = await said('cut off', 'whole');
    await cutOff(id);
    assert.deepEqual(seqsOf(await find(bob, 'cut')), [1]);
    assert.deepEqual(seqsOf(await find(bob, 'whole')), [2]);
  });

  it('finds a word at the end of the longest text', async () => {
    const { bob } = await said(`${'字'.repeat(app.config.im.textMaxBytes / 3 - 5)}末尾`);
    assert.deepEqual(seqsOf(await find(bob, '末尾')), [1]);
  });

  it('may be for one conversation, sender, type and time, or several of these', async () => {
    const { ann, bob, id } = await said('plan A');
    const { conversationId } = await bob.ask('message.send', { body: { to: { userId: ann.id }, ...text('plan B') } });
    const { sentAt } = await bob.ask('message.create', { id, body: text('plan C') });
    await send(ann, id, 'file', { ...media, name: 'plan.doc' });
    const last = await send(ann, id, 'file', { ...media, name: 'the plan' });
    const all = [`${id}:4`, `${id}:3`, `${id}:2`, `${id}:1`, `${conversationId}:1`];
    const before = '2000-01-01T00:00:00.000Z';
    for (const [filter, places] of [
      [{}, all],
      [{ conversationId: id }, all.slice(0, 4)],
      [{ conversationId }, all.slice(4)],
      [{ senderId: bob.id }, [`${id}:2`, `${conversationId}:1`]],
      [{ senderId: '7' }, []],
      [{ type: 'file' as const }, all.slice(0, 2)],
      [{ type: 'file' as const, senderId: bob.id }, []],
      [{ conversationId: id, senderId: bob.id, type: 'text' as const }, [`${id}:2`]],
      [{ from: sentAt }, all.filter(place => place > `${id}:1` && place.startsWith(id))],
      [{ from: last.sentAt }, [`${id}:4`]],
      [{ until: before }, []],
      [{ from: before }, all],
      [{ from: '0000-01-01T00:00:00.000Z', until: '9999-12-31T23:59:59.999Z' }, all],
      [{ from: '9999-12-31T23:59:59.999Z' }, []],
    ] as const) {
      assert.deepEqual(placesOf(await find(ann, 'plan', filter)), places, JSON.stringify(filter));
    }
    const until = placesOf(await find(ann, 'plan', { until: sentAt }));
    assert.ok(!until.includes(`${id}:2`) && until.includes(`${id}:1`), 'sent before then');
  });

  it('without words finds all of a type, or of a conversation', async () => {
    const { ann, bob, id } = await said('see HTTPS://example.com/a', 'http and https: no link', 'http://x.example 好');
    await send(ann, id, 'image', media);
    await send(ann, id, 'file', { ...media, name: 'https://in-a-name.example' });
    await send(ann, id, 'image', { ...media, name: 'cat' });
    const { conversationId } = await send(bob, id, 'voice', { ...media, duration: 1 });
    const other = await ann.ask('message.send', { body: { to: { userId: bob.id }, ...text('plain') } });
    await ann.ask('message.create', {
      id: other.conversationId,
      body: { clientMsgId: randomUUID(), type: 'image', content: media },
    });
    for (const [filter, seqs] of [
      [{ conversationId, type: 'image' }, [6, 4]],
      [{ conversationId, type: 'video' }, []],
      [{ conversationId, type: 'file' }, [5]],
      [{ conversationId, type: 'link' }, [3, 1]],
      [{ conversationId }, [6, 5, 4, 3, 2, 1]],
      [{ conversationId, senderId: bob.id }, []],
      [{ type: 'image' }, [2, 6, 4]],
      [{ type: 'image', q: 'cat' }, [6]],
      [{ type: 'link', q: '好' }, [3]],
    ] as const) {
      assert.deepEqual(seqsOf((await pagesOf(bob, { limit: 2, ...filter })).flat()), seqs, JSON.stringify(filter));
    }
    assert.deepEqual(seqsOf(await find(bob, undefined, { type: 'link' })), [3, 1]);
    await refused(find(bob), 'INVALID_INPUT');
    await refused(find(bob, undefined, { senderId: ann.id, from: '2026-01-01T00:00:00.000Z' }), 'INVALID_INPUT');
    await refused(find(await person(), undefined, { conversationId }), 'NOT_A_MEMBER');
  });

  it('without words does a bounded piece of work, too', async () => {
    const { ann, bob, id } = await said('one', 'two', 'three', 'four');
    await send(ann, id, 'image', media);
    await ann.ask('message.create', { id, body: text('the last') });
    lookAt(2);
    const pages = await pagesOf(bob, { conversationId: id, type: 'image' });
    assert.deepEqual(pages.map(seqsOf), [[5], [], []]);
    mm.restore();
  });

  it('is refused when it is not of its form', async () => {
    const { ann } = await said('x');
    const query = { q: 'x', limit: 20 };
    for (const bad of [
      { ...query, q: '' },
      { ...query, q: '   ' },
      { ...query, q: '\u3000' },
      { ...query, q: 'x'.repeat(65) },
      { ...query, limit: 0 },
      { ...query, limit: 101 },
      { ...query, type: 'voice' },
      { ...query, from: 'yesterday' },
      { ...query, conversationId: '0' },
      { ...query, senderId: 'me' },
      { ...query, cursor: 'x' },
      { ...query, cursor: '1-2-3' },
      { ...query, cursor: '1-2-3-4-5' },
      { ...query, cursor: '1-2-3-x' },
      { ...query, cursor: `1-2-3-${'4'.repeat(17)}` },
    ]) {
      await refused(ann.call('message.search', bad as never), 'INVALID_INPUT');
    }
    const client = await ann.connect();
    await refused(client.call('message.search', { ...query, cursor: '1-2-3' }), 'INVALID_INPUT');
    await refused(client.call('message.search', { limit: 20 }), 'INVALID_INPUT');
  });
});
