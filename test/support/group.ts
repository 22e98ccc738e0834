import assert from 'node:assert/strict';
import type { WireInput } from '../../app/schema/calls';
import type { Group, Role } from '../../app/schema/group';
import type { EntryData, EntryType } from '../../app/schema/sync';
import type { Client } from './client';
import { people, type Person } from './person';
import { app } from './service';

type CreateGroup = WireInput<'group.create'>;

export const idsOf = (persons: readonly Person[]) => persons.map(each => each.id);

/** A group of these, which the first has made. */
export async function groupOf([owner, ...others]: readonly Person[], given: Partial<CreateGroup> = {}): Promise<Group> {
  return owner.call('group.create', { name: 'Us', memberIds: idsOf(others), ...given });
}

/** Who is in the group, as one of them sees it. */
export async function rolesIn(id: string, seenBy: Person): Promise<Record<string, Role>> {
  const members = await seenBy.ask('member.index', { id });
  return Object.fromEntries(members.map(each => [each.userId, each.role]));
}

/** Without an entry that says so. */
export async function makeAdmin(id: string, someone: Person): Promise<void> {
  const where = { conversationId: Number(id), userId: Number(someone.id) };
  await app.model.ConversationMember.update({ role: 'admin' }, { where });
  await app.model.Conversation.increment('memberVersion', { where: { id: Number(id) } });
}

/** A group whose members are all connected, its owner on two devices, and somebody who has nothing to do with it. */
export async function scene(size: number, given: Partial<CreateGroup> = {}) {
  const [stranger, ...members] = await people(size + 1);
  const group = await groupOf(members, given);
  const second = await members[0].login();
  const clients = await Promise.all([...members, second].map(each => each.connect()));
  return { id: group.id, group, members, clients: clients.slice(0, size), second: clients[size], stranger };
}

/** What the entries of one type have told a device, once there are so many. */
export async function toldTo<T extends EntryType>(client: Client, type: T, howMany = 1): Promise<EntryData<T>[]> {
  const told = () => client.replica.entries.filter(each => each.type === type);
  await client.until(() => told().length >= howMany || undefined, `${howMany} of ${type}`);
  return told().map(each => each.data as EntryData<T>);
}

/** Each of these devices is told this, and nothing else of that type: by pushes, and by the stream as it is stored. */
export async function allTold<T extends EntryType>(
  clients: readonly Client[],
  type: T,
  ...data: EntryData<T>[]
): Promise<void> {
  for (const client of clients) {
    assert.deepEqual(await toldTo(client, type, data.length), data);
    const { entries } = await client.request('sync:pull', { after: 0, limit: 500 });
    const stored = entries.filter(each => each.type === type);
    assert.deepEqual(
      stored.map(each => each.data),
      data,
    );
  }
}

/** What the server has said in the conversation, as a member reads it. */
export async function linesIn(id: string, seenBy: Person): Promise<object[]> {
  const messages = await seenBy.call('message.index', { conversationId: id, limit: 200 });
  return messages.filter(each => each.type === 'system').map(each => each.content);
}

/** The types of the entries in the stream of somebody. */
export async function streamOf(someone: Person): Promise<EntryType[]> {
  const { entries } = await someone.call('sync.pull', { after: 0, limit: 500 });
  return entries.map(each => each.type);
}
