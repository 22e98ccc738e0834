import assert from 'node:assert/strict';
import { ImError, type Client, type ConversationView } from 'egg-im-client';
import type { Dice } from './crowd';
import type { Installation } from './installation';
import type { Person } from './person';
import { select } from './service';

type Act = (client: Client, conversation: ConversationView, index: number) => unknown;

/** Somebody who uses the SDK. */
export class UserOfClient {
  private count = 0;
  /** The `clientMsgId` of what was written, by the user or conversation that it was written to, in order. */
  private readonly written = new Map<string, string[]>();

  constructor(
    readonly installation: Installation,
    private readonly dice: Dice,
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

  /** Everything that was written is stored once, in order, unless it was refused. */
  async assertSent(): Promise<void> {
    const { person, store } = this.installation;
    const failed = new Set((await store.read(t => t.list('outbox'))).map(each => each.clientMsgId));
    const rows = await select(
      'SELECT client_msg_id AS id FROM message WHERE sender_id = :id ORDER BY conversation_id, seq',
      { id: person.id },
    );
    for (const [lane, all] of this.written) {
      const expected = all.filter(each => !failed.has(each));
      const stored = rows.map(row => String(row.id)).filter(each => all.includes(each));
      assert.deepEqual(stored, expected, `what ${this.name} has written to ${lane}`);
    }
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

/** What can not be done at the moment, or may not be done. */
function tolerate(error: unknown): void {
  if (!(error instanceof ImError) || error.code === 'INTERNAL') throw error;
}
