import assert from 'node:assert/strict';
import type { UpdateConversation } from '../../../app/schema/conversation';
import { groupOf } from '../../support/group';
import { pair } from '../../support/packets';
import { people, person, text, type Person } from '../../support/person';
import { refused } from '../../support/refusal';
import { otherProcess, storesNothing } from '../../support/service';
import { dataOf, streamOf } from '../../support/stream';

const none = { pinned: false, notify: 'normal', markedUnread: false, hidden: false, clearedSeq: 0 };

const settingsOf = async (someone: Person, id: string) => (await someone.ask('conversation.show', { id })).settings;
const headOf = async (someone: Person) => (await someone.ask('sync.pull', { query: { after: 0 } })).head;

describe('the settings of a conversation', () => {
  it('are kept, and told to the other devices of the user, and to nobody else', async () => {
    const { ann, bob, client, conversationId } = await pair();
    const laptop = await (await ann.login()).connect();
    const changed = await ann.call('conversation.update', {
      conversationId,
      pinned: true,
      notify: 'none',
      draft: ' hey',
    });
    const settings = { ...none, pinned: true, notify: 'none', draft: ' hey' };
    assert.deepEqual(changed, await ann.ask('conversation.show', { id: conversationId }));
    assert.deepEqual(changed.settings, settings);
    assert.deepEqual((await ann.ask('conversation.index'))[0], changed);
    for (const device of [client, laptop]) {
      await device.reaches(2);
      const { at, ...entry } = device.replica.entries[1];
      const data = { settings, readSeq: 1, unread: 0 };
      assert.deepEqual(entry, { syncSeq: 2, type: 'conversation.updated', conversationId, data });
      assert.ok(Date.parse(at));
    }
    assert.deepEqual(await settingsOf(bob, conversationId), none);
    assert.equal(await headOf(bob), 1);
  });

  it('change one by one, by event too; each entry has them all', async () => {
    const { ann, client, conversationId } = await pair();
    const steps: [Omit<UpdateConversation, 'conversationId'>, object][] = [
      [{ notify: 'silent' }, { notify: 'silent' }],
      [{ draft: 'I was about to' }, { notify: 'silent', draft: 'I was about to' }],
      [{ pinned: true }, { notify: 'silent', draft: 'I was about to', pinned: true }],
      [{ markedUnread: true }, { notify: 'silent', draft: 'I was about to', pinned: true, markedUnread: true }],
      [
        { pinned: false, draft: null },
        { notify: 'silent', markedUnread: true },
      ],
      [{ notify: 'normal' }, { markedUnread: true }],
    ];
    for (const [given, expected] of steps) {
      const { settings } = await client.call('conversation.update', { conversationId, ...given });
      assert.deepEqual(settings, { ...none, ...expected });
    }
    await client.reaches(1 + steps.length);
    const told = client.replica.entries.slice(1).map(each => 'settings' in each.data && each.data.settings);
    assert.deepEqual(
      told,
      steps.map(([, expected]) => ({ ...none, ...expected })),
    );
    assert.deepEqual(await settingsOf(ann, conversationId), told.at(-1));
  });

  it('are not told when nothing has changed', async () => {
    const { ann, client, conversationId } = await pair();
    const set = (given: UpdateConversation) => client.call('conversation.update', { conversationId, ...given });
    await set({ pinned: true, draft: 'so', markedUnread: true });
    await storesNothing(async () => {
      for (const given of [
        {},
        { pinned: true },
        { draft: 'so' },
        { notify: 'normal' },
        { markedUnread: true },
      ] as const) {
        assert.deepEqual((await set(given)).settings, { ...none, pinned: true, draft: 'so', markedUnread: true });
      }
    });
    assert.equal(await headOf(ann), 2);
  });

  it('have a draft of some length, and none of nothing but blanks', async () => {
    const { client, conversationId } = await pair();
    const draft = async (words: string | null) =>
      (await client.call('conversation.update', { conversationId, draft: words })).settings.draft;
    const longest = '语'.repeat(4000);
    assert.equal(await draft(longest), longest);
    await refused(draft(`${longest}!`), 'INVALID_INPUT');
    assert.equal(await draft(' \n\t'), undefined);
    assert.equal(await draft('once more'), 'once more');
    assert.equal(await draft(''), undefined);
  });

  it('are the caller’s own affair: strangers, and those of another tenant, have none', async () => {
    const { conversationId } = await pair();
    const eve = await person();
    const abroad = await person({ app: 'elsewhere' });
    await storesNothing(async () => {
      for (const [who, code] of [
        [eve, 'NOT_A_MEMBER'],
        [abroad, 'CONVERSATION_NOT_FOUND'],
      ] as const) {
        await refused(who.call('conversation.update', { conversationId, pinned: true }), code);
        await refused(who.call('conversation.clear', { conversationId }), code);
        await refused(who.call('conversation.remove', { conversationId }), code);
      }
      await refused(eve.call('conversation.update', { conversationId: '99', pinned: true }), 'CONVERSATION_NOT_FOUND');
    });
  });

  it('are refused when they are none', async () => {
    const { ann, conversationId } = await pair();
    const bad = [
      { notify: 'loud' },
      { pinned: 1 },
      { markedUnread: false },
      { draft: 5 },
      { hidden: true },
      { pinned: null },
    ];
    for (const body of bad)
      await refused(ann.ask('conversation.update', { id: conversationId, body }), 'INVALID_INPUT');
    assert.equal(await headOf(ann), 1);
  });
});

describe('a conversation marked as unread', () => {
  it('is so until it is read, also to where it was read already', async () => {
    const { ann, bob, other, conversationId } = await pair();
    await other.request('conversation:read', { conversationId, seq: 1 });
    const laptop = await (await bob.login()).connect();
    await other.call('conversation.update', { conversationId, markedUnread: true });
    const shown = await bob.ask('conversation.show', { id: conversationId });
    assert.deepEqual([shown.settings.markedUnread, shown.unread], [true, 0]);
    const told = await headOf(ann);
    const state = await other.request('conversation:read', { conversationId, seq: 1 });
    assert.deepEqual(state, { conversationId, readSeq: 1, unread: 0 });
    assert.equal((await settingsOf(bob, conversationId)).markedUnread, false);
    await laptop.reaches(4);
    const { type, data } = laptop.replica.entries[3];
    assert.deepEqual([type, data], ['conversation.read', { readSeq: 1, unread: 0 }]);
    assert.equal(await headOf(ann), told, 'the other user has learnt nothing new');
    await other.request('conversation:read', { conversationId, seq: 1 });
    assert.equal(await headOf(bob), 4, 'once');
  });

  it('is so until one writes to it', async () => {
    const { bob, client, other, conversationId } = await pair();
    await other.call('conversation.update', { conversationId, markedUnread: true });
    await client.send({ conversationId, ...text('are you there') });
    assert.equal((await settingsOf(bob, conversationId)).markedUnread, true, 'what others write does not take it away');
    await other.send({ conversationId, ...text('I am') });
    assert.equal((await settingsOf(bob, conversationId)).markedUnread, false);
  });

  it('has something in it: where nothing is, nothing would take the mark away', async () => {
    const [ann, bob] = await people(2);
    const { id } = await groupOf([ann, bob]);
    const head = await headOf(ann);
    const { settings } = await ann.call('conversation.update', { conversationId: id, markedUnread: true });
    assert.deepEqual([settings.markedUnread, await headOf(ann)], [false, head]);
  });
});

describe('settings, reads and messages at once', () => {
  it('leave a stream in which every count is right at its place', async () => {
    const { ann, bob, client, other, conversationId } = await pair();
    const phone = await (await bob.login()).connect();
    const { engine } = otherProcess();
    const place = { app: 'default', userId: Number(bob.id), conversationId: Number(conversationId) };
    const work: Promise<unknown>[] = [];
    for (let step = 2; step <= 60; step++) {
      work.push(client.send({ conversationId, ...text(`number ${step}`) }));
      if (step % 3 === 0) work.push(other.call('conversation.update', { conversationId, draft: `draft ${step}` }));
      if (step % 7 === 0) work.push(phone.call('conversation.update', { conversationId, pinned: step % 2 === 0 }));
      // A message that is not there yet is refused.
      if (step % 5 === 0) work.push(engine.reads.read({ ...place, seq: step / 5 }).catch(() => undefined));
      if (step === 30) work.push(phone.call('conversation.clear', { conversationId }));
      if (step === 40) work.push(bob.call('conversation.remove', { conversationId }));
    }
    await Promise.all(work);
    const entries = await streamOf(bob);
    await phone.reaches(entries.length);
    assert.deepEqual(phone.replica.entries, entries);
    let lastSeq = 0;
    let hidden = false;
    for (const entry of entries) {
      const sent = dataOf(entry, 'message.new');
      if (sent) [lastSeq, hidden] = [sent.messages.at(-1)!.seq, false];
      const updated = dataOf(entry, 'conversation.updated');
      if (updated) ({ hidden } = updated.settings);
      const place = updated ?? dataOf(entry, 'conversation.read');
      // What is before it in the stream is counted, and nothing else.
      if (place) assert.equal(place.unread, lastSeq - place.readSeq);
    }
    const { settings, readSeq, unread } = await bob.ask('conversation.show', { id: conversationId });
    assert.deepEqual([lastSeq, unread, settings.hidden], [60, 60 - readSeq, hidden]);
    assert.ok(readSeq > 1 && settings.clearedSeq > 1);
    const receipts = (await streamOf(ann)).flatMap(each => dataOf(each, 'conversation.receipt') ?? []);
    assert.deepEqual(receipts.at(-1), (await ann.ask('conversation.show', { id: conversationId })).receipt);
  });
});
