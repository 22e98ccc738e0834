import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { Follower } from '../../app/protocol/follower';
import type { LocalClient } from '../../app/protocol/local_client';
import { AppError } from '../../app/schema/errors';
import { intercept, localClient, localSocketsOf, until } from '../support/local_client';
import { people, text, type Person } from '../support/person';
import { messagesOf } from '../support/replica';
import { app, mm } from '../support/service';
import { epoch, setBack } from '../support/stream';

/** Somebody's stream as an adapter follows it: the texts that it was told, in order, and how often it was told to begin anew. */
class Reader extends EventEmitter {
  readonly texts: unknown[] = [];
  resets = 0;
  readonly follower: Follower;

  constructor(readonly client: LocalClient) {
    super();
    this.follower = new Follower(client, {
      apply: entry => {
        this.texts.push(...messagesOf(entry).map(({ content }) => content.text));
        this.emit('told');
      },
      reset: () => {
        this.resets++;
        this.emit('told');
      },
    });
  }

  static async of(someone: Person): Promise<Reader> {
    const reader = new Reader(await localClient(someone));
    await reader.follower.ready;
    return reader;
  }

  /** Resolves when it has heard these texts in this order, and nothing else. */
  async hears(...texts: string[]): Promise<void> {
    await until(this, () => this.texts.length >= texts.length || undefined);
    assert.deepEqual(this.texts, texts);
  }

  async isReset(): Promise<void> {
    await until(this, () => this.resets > 0 || undefined);
  }
}

/** Ann, who sends texts to Bob one after the other, and Bob. */
async function writers() {
  const [ann, bob] = await people(2);
  const send = async (...texts: string[]) => {
    for (const words of texts) await ann.ask('message.send', { body: { to: { userId: bob.id }, ...text(words) } });
  };
  return { bob, send };
}

/** Loses the pushes of these texts. */
function lose(someone: Person, ...texts: string[]): void {
  intercept(someone, 'sync:push', (packet, pass) => {
    if (!texts.some(each => packet.includes(`"${each}"`))) pass(packet);
  });
}

/** What the head check, or a push that came to another node, makes known. */
async function tellHead(someone: Person, head: number): Promise<void> {
  localSocketsOf(someone)[0].emit('sync:head', { head, first: 1, epoch: await epoch() });
}

/** The place that somebody's device has acknowledged. */
async function ackedBy({ id, deviceId }: Person): Promise<number> {
  const where = { userId: Number(id), deviceId };
  return (await app.model.Device.findOne({ where, rejectOnEmpty: true })).ackedSeq;
}

describe('an adapter that follows a stream', () => {
  it('is told what comes once it is ready, in order, and nothing of before', async () => {
    const { bob, send } = await writers();
    await send('before');
    const reader = await Reader.of(bob);
    await send('one', 'two', 'three');
    await reader.hears('one', 'two', 'three');
  });

  it('is told once what is pushed twice', async () => {
    const { bob, send } = await writers();
    const reader = await Reader.of(bob);
    intercept(bob, 'sync:push', (packet, pass) => {
      pass(packet);
      pass(packet);
    });
    await send('one', 'two');
    await reader.hears('one', 'two');
  });

  it('pulls what a push has lost as soon as the next one shows the gap', async () => {
    const { bob, send } = await writers();
    const reader = await Reader.of(bob);
    lose(bob, 'one', 'two');
    await send('one', 'two', 'three');
    await reader.hears('one', 'two', 'three');
    await send('four');
    await reader.hears('one', 'two', 'three', 'four');
  });

  it('pulls all pages of it', async () => {
    const { bob, send } = await writers();
    const reader = await Reader.of(bob);
    mm(app.config.im, 'pageBytes', 1);
    lose(bob, 'one', 'two', 'three');
    await send('one', 'two', 'three', 'four');
    await reader.hears('one', 'two', 'three', 'four');
  });

  it('is told in order what has overtaken each other, each once', async () => {
    const { bob, send } = await writers();
    const reader = await Reader.of(bob);
    let held: string | undefined;
    intercept(bob, 'sync:push', (packet, pass) => {
      if (!packet.includes('"two"')) held = packet;
      if (packet.includes('"one"')) return;
      pass(packet);
      if (packet.includes('"two"')) pass(held!);
    });
    await send('one', 'two', 'three');
    await reader.hears('one', 'two', 'three');
  });

  it('pulls what a lost push has not told and a head does, and nothing for a head that it has', async () => {
    const { bob, send } = await writers();
    const reader = await Reader.of(bob);
    lose(bob, 'two');
    await send('one');
    await reader.hears('one');
    const calls: string[] = [];
    const { call } = reader.client;
    mm(reader.client, 'call', (...args: Parameters<typeof call>) => {
      calls.push(args[0]);
      return call.apply(reader.client, args);
    });
    await tellHead(bob, 1);
    await send('two');
    await tellHead(bob, 2);
    await reader.hears('one', 'two');
    assert.deepEqual(
      calls.filter(each => each === 'sync.pull'),
      ['sync.pull'],
    );
  });

  it('tries again when a pull fails', async () => {
    const { bob, send } = await writers();
    const reader = await Reader.of(bob);
    const { call } = reader.client;
    let failures = 0;
    mm(reader.client, 'call', (...args: Parameters<typeof call>) => {
      const isFirst = args[0] === 'sync.pull' && failures++ === 0;
      return isFirst ? Promise.reject(new AppError('BUSY')) : call.apply(reader.client, args);
    });
    lose(bob, 'one');
    await send('one', 'two');
    await reader.hears('one', 'two');
    assert.equal(failures, 2);
  });

  it('acknowledges its place after a while, as a device does', async () => {
    const { bob, send } = await writers();
    const reader = await Reader.of(bob);
    await send('one', 'two');
    await reader.hears('one', 'two');
    while ((await ackedBy(bob)) < 2);
    await send('three');
    await reader.hears('one', 'two', 'three');
    while ((await ackedBy(bob)) < 3);
    assert.equal(await ackedBy(bob), 3);
  });
});

describe('an adapter whose stream is another one', () => {
  it('begins anew where it is in another history, and goes on from there', async () => {
    const { bob, send } = await writers();
    const reader = await Reader.of(bob);
    await send('one');
    await reader.hears('one');
    const stream = { head: 1, first: 1, epoch: await epoch() };
    const [socket] = localSocketsOf(bob);
    socket.emit('sync:head', { ...stream, epoch: 'another' });
    assert.equal(reader.resets, 1);
    socket.emit('sync:head', stream);
    assert.equal(reader.resets, 2);
    await send('two');
    await reader.hears('one', 'two');
  });

  it('begins anew when what it has missed is purged', async () => {
    const { bob, send } = await writers();
    const reader = await Reader.of(bob);
    lose(bob, 'one', 'two');
    await send('one', 'two');
    await app.model.UserInbox.update({ firstSeq: 3 }, { where: { userId: Number(bob.id) } });
    await send('three');
    await reader.isReset();
    await send('four');
    await reader.hears('four');
    assert.equal(reader.resets, 1);
  });

  it('notices by its acknowledgement that the stream was set back', async () => {
    const { bob, send } = await writers();
    const reader = await Reader.of(bob);
    await send('one', 'two');
    await reader.hears('one', 'two');
    // What the head check tells of it comes later.
    intercept(bob, 'sync:head', () => undefined);
    await setBack(bob.id, 1);
    await reader.isReset();
    await send('another two');
    await reader.hears('one', 'two', 'another two');
  });
});

describe('an adapter whose connection ends', () => {
  it('is not ready when it ends before the stream is known', async () => {
    const { bob } = await writers();
    const client = await localClient(bob);
    const { ready } = new Follower(client, { apply: () => assert.fail(), reset: () => assert.fail() });
    client.close();
    await assert.rejects(ready, { code: 'UNAVAILABLE' });
  });

  it('is told nothing more, and asks for nothing', async () => {
    const { bob, send } = await writers();
    const reader = await Reader.of(bob);
    const calls: string[] = [];
    lose(bob, 'two');
    await send('one');
    await reader.hears('one');
    await send('two', 'three');
    mm(reader.client, 'call', (name: string) => {
      calls.push(name);
      return Promise.reject(new AppError('UNAVAILABLE'));
    });
    reader.client.close();
    // Another one lives through all that the first would have done.
    const other = await Reader.of(bob);
    await send('four');
    await other.hears('four');
    while ((await ackedBy(bob)) < 4);
    assert.deepEqual([reader.texts, calls], [['one'], []]);
  });
});
