import assert from 'node:assert/strict';
import { takeNotices, type Actor } from '../support/choosers';
import { Dice } from '../support/crowd';
import { BrowserTab } from '../support/browser_tab';
import { groupOf } from '../support/group';
import { operate } from '../support/operations';
import { openContext } from '../support/page';
import { people } from '../support/person';
import { assertStored, headOf } from '../support/same';
import { app, select } from '../support/service';

const SEED = Number(process.env.CLIENT_SEED ?? 1);
const STEPS = 100;

describe('the client in two tabs of Chromium', () => {
  it(`holds in IndexedDB what the server has, loaded anew and disconnected at random (CLIENT_SEED=${SEED})`, async function () {
    this.timeout(120_000);
    takeNotices();
    const dice = new Dice(SEED);
    const persons = await people(4);
    const [ann, ...others] = persons;
    const groups = [(await groupOf(persons)).id];
    const context = await openContext();
    const tabs = [await BrowserTab.open(context, ann), await BrowserTab.open(context, ann)];
    await tabs[0].run(`client.login(${JSON.stringify(ann.credentials)})`);
    await tabs[1].start();

    const written: string[] = [];
    const write = async (tab: BrowserTab) => {
      const draft = { to: { userId: others[0].id }, type: 'text', content: { text: `${written.length}` } };
      written.push(await tab.run(`client.post(${JSON.stringify(draft)}).then(item => item.clientMsgId)`));
    };
    const inConversation = (script: string) => (tab: BrowserTab) =>
      tab.run(`(() => { const it = client.conversations.value[${dice.below(3)}]; return it && ${script}; })()`);
    const acts: readonly (readonly [number, (tab: BrowserTab) => unknown])[] = [
      [4, write],
      [2, inConversation('client.read(it.id, it.lastSeq)')],
      [1, inConversation('client.draft(it.id, "half a sen")')],
      [2, inConversation('client.messages({ conversationId: it.id }).older()')],
      [1, tab => tab.reload()],
      [1, () => app.io.of('/im').in(`user:${ann.id}`).disconnectSockets(true)],
    ];
    const devices: Actor[] = persons.map(person => ({ person, call: (name, input) => person.call(name, input) }));
    for (let step = 0; step < STEPS; step++) {
      if (dice.chance(0.4)) await dice.weighted(acts)(dice.pick(tabs));
      else await operate({ dice, persons, devices, groups, isGone: () => false });
    }

    for (const tab of tabs) await tab.run('client.wake()');
    for (const tab of tabs) await tab.run('client.level()');
    const [tab] = tabs;
    await tab.reach(await headOf({ person: ann }));
    await assertStored(tab, ann);
    const failed = await tab.read(t => t.list('outbox'));
    const rows = await select('SELECT client_msg_id AS id FROM message WHERE sender_id = :id ORDER BY seq', {
      id: ann.id,
    });
    assert.deepEqual(
      rows.map(({ id }) => String(id)).filter(id => written.includes(id)),
      written.filter(id => !failed.some(each => each.clientMsgId === id)),
    );
  });
});
