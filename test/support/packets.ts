import assert from 'node:assert/strict';
import type { Client, Wire } from './client';
import { haveBefriended } from './friends';
import { people, text } from './person';
import type { Failure } from './refusal';

type RawWire = Wire & {
  io: { engine: { write(text: string): void; on(event: 'data', listen: (data: unknown) => void): void } };
};

/** Writes a packet as it is and resolves with the failure it is answered with. Packets are told apart by their number. */
export async function sendRaw(
  client: Client,
  payload: string,
  number = Math.floor(Math.random() * 1e6),
): Promise<Failure> {
  const { engine } = (client.wire as RawWire).io;
  const prefix = `3/im,${number}`;
  const answer = new Promise<string>((resolve, reject) => {
    setTimeout(() => reject(new Error(`no answer to ${payload.slice(0, 100)}`)), 5000).unref();
    engine.on('data', data => {
      if (typeof data === 'string' && data.startsWith(prefix)) resolve(data.slice(prefix.length));
    });
  });
  engine.write(`2/im,${number}${payload}`);
  const [{ ok, error }] = JSON.parse(await answer) as [{ ok: boolean; error: Failure }];
  assert.equal(ok, false);
  return error;
}

/** Two people with a conversation, and the first one's client. */
export async function pair() {
  const [ann, bob] = await people(2);
  await haveBefriended(ann, bob);
  const [client, other] = [await ann.connect(), await bob.connect()];
  const { conversationId } = await client.send({ to: { userId: bob.id }, ...text('hello') });
  await other.reaches(1);
  return { ann, bob, client, other, conversationId };
}

/** After whatever was refused, the connection is as good as before. */
export async function assertAlive(client: Client, conversationId: string): Promise<void> {
  const { seq } = await client.send({ conversationId, ...text('still here') });
  assert.equal(seq, 2);
}

/** Writes to the connection what no client would. */
export function writeRaw(client: Client, packet: string): void {
  (client.wire as RawWire).io.engine.write(packet);
}
