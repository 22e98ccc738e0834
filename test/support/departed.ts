import assert from 'node:assert/strict';
import type { Actor } from './choosers';
import type { Person } from './person';
import { refused } from './refusal';
import { app, count, mm } from './service';

const PASSWORD = 'correct horse battery';

/** Rows that are a user's own, or say what they are to others. */
const OWN = [
  'device WHERE user_id = :id',
  'push_history WHERE receiver_id = :id',
  'conversation_member WHERE user_id = :id',
  'friend WHERE user_id = :id OR friend_id = :id',
  'friend_request WHERE from_id = :id OR to_id = :id',
  'group_request WHERE user_id = :id',
  'block WHERE user_id = :id OR blocked_id = :id',
  'message_star WHERE user_id = :id',
  'message_hidden WHERE user_id = :id',
  'chat_group WHERE owner_id = :id',
  `message m JOIN conversation c ON c.id = m.conversation_id WHERE m.sender_id = :id AND c.type = 'single'`,
];

type Finish = (this: unknown, userId: number) => Promise<void>;

/** People who have deleted their accounts, while the others go on. */
export class Departed {
  private readonly ids = new Set<string>();
  private readonly ends: Promise<void>[] = [];

  constructor() {
    const { deletion } = app.createAnonymousContext().service;
    const { prototype } = deletion.constructor as unknown as { prototype: Record<'finish', Finish> };
    const { finish } = prototype;
    const { ends } = this;
    mm(prototype, 'finish', function (this: unknown, userId: number) {
      const end = finish.call(this, userId);
      ends.push(end);
      return end;
    });
  }

  has({ id }: { readonly id: string }): boolean {
    return this.ids.has(id);
  }

  get size(): number {
    return this.ids.size;
  }

  /** What the account leaves goes while others go on. */
  async leave(actor: Actor): Promise<void> {
    await actor.call('user.destroy', { password: PASSWORD });
    this.ids.add(actor.person.id);
  }

  /** Resolves when nothing is left of them. */
  async finish(): Promise<void> {
    await Promise.allSettled(this.ends);
    // What a conflict has cut off the purge goes on with.
    await app.createAnonymousContext().service.deletion.resume();
  }

  /** Waits until nothing is left of them, and sees that it is so. */
  async assertGone(devices: readonly Actor[], witness: Person): Promise<void> {
    await this.finish();
    for (const { person } of devices.filter(each => this.has(each.person))) {
      const { id } = person;
      await refused(person.ask('user.me'), 'SESSION_CLOSED');
      for (const rows of OWN) assert.equal(await count(rows, { id }), 0, `${rows}, of the deleted ${id}`);
      const [{ name, deleted }] = await witness.call('user.batch', { userIds: [id] });
      assert.deepEqual([name, deleted], ['', true]);
    }
  }
}
