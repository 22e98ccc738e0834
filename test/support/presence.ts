import type { Presence } from '../../app/schema/presence';
import type { Client } from './client';
import type { Person } from './person';
import { app } from './service';

export async function befriend(one: Person, other: Person): Promise<void> {
  const [a, b] = [Number(one.id), Number(other.id)];
  await app.model.Friend.bulkCreate([
    { userId: a, friendId: b },
    { userId: b, friendId: a },
  ]);
}

export async function unfriend(one: Person, other: Person): Promise<void> {
  const [a, b] = [Number(one.id), Number(other.id)];
  await app.model.Friend.destroy({ where: { userId: [a, b], friendId: [a, b] } });
}

export async function block(one: Person, other: Person): Promise<void> {
  await app.model.Block.create({ userId: Number(one.id), blockedId: Number(other.id) });
}

function toldAbout(client: Client, { id }: Person): Presence[] {
  return client.told('presence:changed').filter(each => each.userId === id);
}

const stateOf = ({ platforms }: Presence) => platforms.join('+') || 'offline';

/** Every change of a user that a client was told: platforms, or `offline`. */
export function changesOf(client: Client, someone: Person): string[] {
  return toldAbout(client, someone).map(stateOf);
}

/** Waits until this is the last that a client was told of a user. */
export function toldOf(client: Client, someone: Person, state: string, patience?: number): Promise<Presence> {
  const look = () => {
    const last = toldAbout(client, someone).at(-1);
    return last && stateOf(last) === state ? last : undefined;
  };
  return client.until(look, `${someone.id} to be ${state}`, patience);
}

/** A device that is connected, and has its lease: that is given after it was let in. */
export async function online(who: Person): Promise<Client> {
  const client = await who.connect();
  const userId = Number(who.id);
  for (let tries = 0; tries < 1000; tries++) {
    if ((await app.presence.leases.platforms([userId])).get(userId)!.length > 0) return client;
  }
  throw new Error(`${who.id} does not come online`);
}
