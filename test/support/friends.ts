import type { Card } from '../../app/schema/person';
import type { Client } from './client';
import type { Person } from './person';
import { app } from './service';

export const cardOf = ({ id, session }: Person): Card => ({ id, name: session.user.name });

/** The second accepts what the first has asked. */
export async function befriend(one: Person, other: Person): Promise<void> {
  await one.call('friend.ask', { userId: other.id });
  await other.call('friend.answer', { userId: one.id, answer: 'accept' });
}

/** Makes friends of the first and each of the others, without a word in their streams. */
export async function haveBefriended(
  one: { id: string | number },
  ...others: { id: string | number }[]
): Promise<void> {
  const halves = others.flatMap(other => [
    [one, other],
    [other, one],
  ]);
  await app.model.Friend.bulkCreate(halves.map(([a, b]) => ({ userId: Number(a.id), friendId: Number(b.id) })));
}

/** Ids of the friends of a user. */
export async function friendsOf(someone: Person): Promise<string[]> {
  return (await someone.ask('friend.index')).map(friend => friend.user.id);
}

/** Type and data of what a device has applied after a place of its stream. */
export function toldAfter({ replica }: Client, place = 0): unknown[] {
  return replica.entries.filter(({ syncSeq }) => syncSeq > place).map(({ type, data }) => [type, data]);
}

/** Where the stream of a user stands. */
export async function headOf(someone: Person): Promise<number> {
  return (await someone.ask('sync.pull', { query: { after: 0 } })).head;
}
