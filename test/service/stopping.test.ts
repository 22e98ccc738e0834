import assert from 'node:assert/strict';
import type { Client } from '../support/client';
import { mysql as mysqlWay, redis as redisWay } from '../support/network';
import { Node } from '../support/node';
import { people, text, type Person } from '../support/person';
import { Refusal } from '../support/refusal';
import { app, count, mm } from '../support/service';

/** How long Egg's master waits for its workers. */
const MASTER_MS = 5000;
const SENDS = 160;

/** Resolves when the node takes no more calls; this one needs neither MySQL nor Redis. */
async function refusing(client: Client): Promise<void> {
  for (;;) {
    try {
      await client.call('presence.unwatch', { userIds: ['1'] });
    } catch (error) {
      if (error instanceof Refusal && error.failure.code === 'UNAVAILABLE') return;
      throw error;
    }
  }
}

/** What a REST call of someone at a node is answered with. */
async function askAt(node: Node, { session }: Person): Promise<number> {
  const headers = { authorization: `Bearer ${session.accessToken}` };
  return (await fetch(`${node.url}/api/v1/users/me`, { headers })).status;
}

describe('a service that is stopped', () => {
  let node: Node;

  beforeEach(async () => {
    for (const logger of [app.logger, app.coreLogger]) {
      mm(logger, 'error', () => undefined);
      mm(logger, 'warn', () => undefined);
    }
    node = await Node.start();
  });

  afterEach(async () => {
    for (const way of [mysqlWay, redisWay]) way.restore();
    await node.stop();
  });

  for (const isHung of [false, true]) {
    it(`answers everything that is under way${isHung ? ', also when Redis hangs' : ''}, in the time that it has`, async () => {
      const [ann, bob] = await people(2);
      const senders = await Promise.all([ann, bob].map(each => node.connect(each)));
      const { conversationId } = await senders[0].send({ to: { userId: bob.id }, ...text('first') });
      mysqlWay.freeze();
      if (isHung) redisWay.hang();
      const sending = Array.from({ length: SENDS }, (_, index) =>
        senders[index % 2].send({ conversationId, ...text(`${index}`) }),
      );
      const asked = askAt(node, ann);
      // The node answers in order: when it has answered this, it has the sends.
      for (const sender of senders) await sender.call('presence.unwatch', { userIds: ['1'] });
      const began = performance.now();
      const stopped = node.stop();
      await refusing(senders[0]);
      mysqlWay.restore();

      const seqs = (await Promise.all(sending)).map(each => each.seq).sort((a, b) => a - b);
      assert.deepEqual(
        seqs,
        seqs.map((_, index) => 2 + index),
      );
      assert.equal(await count('message WHERE conversation_id = :conversationId', { conversationId }), 1 + SENDS);
      assert.equal(await asked, 200);
      await stopped;
      assert.ok(performance.now() - began < MASTER_MS);
    });
  }
});
