import assert from 'node:assert/strict';
import { ImError, type Client, type ConversationView } from 'egg-im-client';
import type { Dice } from './crowd';
import type { Installation } from './installation';
import type { Person } from './person';
import { select } from './service';
import type { Tally } from './tally';

type Act = (client: Client, conversation: ConversationView, index: number) => unknown;

/** Somebody who uses the SDK. */
export class UserOfClient {
  private count = 0;
  /** The `clientMsgId` of what was written, by the user or conversation that it was written to, in order. */
  private readonly written = new Map<string, string[]>();
  /** What was sent again by hand, out of its turn, and what was discarded, though it may have been on its way. */
  private readonly late = new Set<string>();
  private readonly discarded = new Set<string>();

  constructor(
    readonly installation: Installation,
    private readonly dice: Dice,
    private readonly tally: Tally,
    private readonly name: string,
  ) {}

  /** Does something in one of the tabs. */
  async act(persons: readonly Person[], groups: readonly string[]): Promise<void> {
    const { dice, installation } = this;
    const index = dice.below(installation.tabs.length);
    const client = installation.tabs[index];
    const conversation = client.conversations.value.at(dice.below(client.conversations.value.length));
    const acts: readonly (readonly [number, Act])[] = [
      [8, (tab, to) => this.write(tab, { conversationId: to.id }, to.peerId ?? to.id)],
      [3, tab => this.writeTo(tab, dice.pick(persons).id)],
      [3, (tab, { id, lastSeq }) => tab.read(id, Math.max(1, lastSeq - dice.below(3)))],
      [1, (tab, { id }) => tab.draft(id, dice.pick(['', 'half a sen']))],
      [3, (tab, { id }) => this.look(tab, id)],
      [1, (tab, { id }) => tab.loadPins(id)],
      [1, tab => this.watch(tab, dice.pick(groups))],
      [3, tab => this.tidy(tab)],
      [2, () => installation.restart(index)],
      [4, () => installation.breakOne(index)],
    ];
    if (!conversation) return;
    try {
      await dice.weighted(acts)(client, conversation, index);
    } catch (error) {
      tolerate(error);
    }
  }

  /**
   * Everything that was written is stored once, unless it was refused or discarded, and in order but for what was sent again by hand.
   * What has ended for all is not stored any more.
   */
  async assertSent(): Promise<void> {
    const { person, store } = this.installation;
    const failed = new Set((await store.read(t => t.list('outbox'))).map(each => each.clientMsgId));
    const rows = await select(
      'SELECT client_msg_id AS id FROM message WHERE sender_id = :id ORDER BY conversation_id, seq',
      { id: person.id },
    );
    const all = rows.map(row => String(row.id));
    const lasting = await lastingOf([...this.written.keys()]);
    for (const [lane, written] of this.written) {
      const stored = all.filter(each => written.includes(each));
      const isDue = (each: string) => (lasting.has(lane) && !this.discarded.has(each)) || stored.includes(each);
      const due = written.filter(each => isDue(each) && !failed.has(each));
      const what = `what ${this.name} has written to ${lane}`;
      assert.deepEqual([...stored].sort(), [...due].sort(), what);
      const isInTurn = (each: string) => !this.late.has(each);
      assert.deepEqual(stored.filter(isInTurn), due.filter(isInTurn), `${what}, in order`);
    }
  }

  /** Looks at what is not sent, and sends again what was refused, or gives it up. */
  private async tidy(client: Client): Promise<void> {
    const items = await this.installation.store.read(t => t.list('outbox'));
    const unsent = items.filter(each => each.state !== 'sent');
    if (unsent.length === 0) return;
    const { clientMsgId, state } = this.dice.pick(unsent);
    if (state === 'failed' && this.dice.chance(0.6)) {
      this.tally.add('sent again by hand');
      this.late.add(clientMsgId);
      return client.retry(clientMsgId);
    }
    this.tally.add('discarded');
    this.discarded.add(clientMsgId);
    await client.discard(clientMsgId);
  }

  private writeTo(client: Client, userId: string): Promise<void> {
    const conversationId = client.conversationWith(userId);
    const to = conversationId && this.dice.chance(0.5) ? { conversationId } : { to: { userId } };
    return this.write(client, to, userId);
  }

  private async write(client: Client, to: { conversationId: string } | { to: { userId: string } }, lane: string) {
    const content = { text: `${this.name} ${++this.count}` };
    const { clientMsgId } = await client.post({ ...to, type: 'text', content });
    this.written.set(lane, [...(this.written.get(lane) ?? []), clientMsgId]);
  }

  private async look(client: Client, conversationId: string): Promise<void> {
    const list = client.messages({ conversationId });
    const lastSeq = client.conversation(conversationId).value?.lastSeq ?? 1;
    await this.dice.pick([
      () => list.older(),
      () => list.jumpTo(1 + this.dice.below(lastSeq)),
      () => list.jumpToDate(new Date(Date.now() - this.dice.below(3000))),
      () => list.latest(),
    ])();
    list.close();
  }

  private watch(client: Client, groupId: string): void {
    const group = client.group(groupId);
    setTimeout(() => group.close(), this.dice.below(2000));
  }
}

/** Of these users and conversations those that are not deleted. */
async function lastingOf(ids: readonly string[]): Promise<Set<string>> {
  const rows = await select(
    'SELECT id FROM conversation WHERE id IN (:ids) UNION SELECT id FROM user WHERE id IN (:ids) AND deleted_at IS NULL',
    { ids: ['0', ...ids] },
  );
  return new Set(rows.map(row => String(row.id)));
}

/** What can not be done at the moment, or may not be done. */
function tolerate(error: unknown): void {
  if (!(error instanceof ImError) || error.code === 'INTERNAL') throw error;
}
