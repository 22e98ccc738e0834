import assert from 'node:assert/strict';
import type { Socket as TcpSocket } from 'node:net';
import { closeWritten } from '../../app/io/write_buffer';
import { textFrame } from '../../app/lib/stream/frame';
import type { ImSocket } from '../../app/lib/stream/socket';
import type { Client } from '../support/client';
import { people, person, text } from '../support/person';
import { refused } from '../support/refusal';
import { app, mm, socketOf } from '../support/service';

const turn = () => new Promise(setImmediate);
const numbers = (howMany: number) => Array.from({ length: howMany }, (_, index) => index);

type PacketWriter = Record<'writeToEngine', (packets: string[], options: object) => void>;

/** Sends a packet with a number, and so many characters beside it: those with an even number as frames that are made ahead. */
function emit(socket: ImSocket, number: number, size = 0): void {
  const error = { code: 'INTERNAL', message: 'x'.repeat(size), retryable: false };
  const payload = { event: String(number), error };
  if (number % 2 === 1) return void socket.emit('request:failed', payload);
  const packet = `2/im,${JSON.stringify(['request:failed', payload])}`;
  const options = { volatile: false, wsPreEncodedFrame: [textFrame('4', Buffer.from(packet))] };
  (socket.client as unknown as PacketWriter).writeToEngine([packet], options);
}

/** The numbers of the packets that have come, once there are so many. */
async function numbersOf(client: Client, howMany: number): Promise<number[]> {
  const told = () => client.told('request:failed');
  await client.until(() => told().length >= howMany || undefined, `${howMany} packets`);
  return told().map(each => Number(each.event));
}

type Ends = { readonly _socket: TcpSocket };

/** The TCP connection below the server's end of a device's. */
const tcpOf = ({ conn }: ImSocket) => (conn.transport as unknown as { readonly socket: Ends }).socket._socket;

/** The TCP connection below a client. */
const tcpOfClient = ({ wire }: Client) =>
  (wire as unknown as { io: { engine: { transport: { ws: Ends } } } }).io.engine.transport.ws._socket;

/** Counts from now on how often a connection hands something to the system. */
function countWrites(tcp: TcpSocket): () => number {
  let writes = 0;
  const { _write, _writev } = tcp;
  tcp._write = (...args) => {
    writes++;
    _write.apply(tcp, args);
  };
  tcp._writev = (...args) => {
    writes++;
    _writev!.apply(tcp, args);
  };
  return () => writes;
}

describe('what a device is given in one turn', () => {
  it('leaves in one write, an ack and a push alike', async () => {
    for (const number of [0, 1]) {
      const ann = await person();
      const client = await ann.connect();
      const socket = socketOf(ann);
      socket.prependAny(() => emit(socket, number));
      const writes = countWrites(tcpOf(socket));
      await refused(client.acked('no:such', {}), 'UNKNOWN_EVENT');
      assert.deepEqual(await numbersOf(client, 1), [number]);
      assert.equal(writes(), 1);
    }
  });

  it('leaves without what comes in the next turn', async () => {
    const ann = await person();
    const client = await ann.connect();
    const socket = socketOf(ann);
    const writes = countWrites(tcpOf(socket));
    for (const number of numbers(3)) {
      emit(socket, number);
      assert.deepEqual(await numbersOf(client, number + 1), numbers(number + 1));
    }
    assert.equal(writes(), 3);
  });

  it('arrives in the order in which it was given, over many turns', async () => {
    const ann = await person();
    const client = await ann.connect();
    const socket = socketOf(ann);
    for (const number of numbers(300)) {
      emit(socket, number, number % 7 === 0 ? 5000 : 0);
      if (number % 5 === 0) await turn();
    }
    assert.deepEqual(await numbersOf(client, 300), numbers(300));
  });

  it('does not close the connection when it is many answers at once', async () => {
    const [ann, bob] = await people(2);
    const client = await ann.connect();
    const to = { userId: bob.id };
    const sent = await Promise.all(numbers(400).map(number => client.send({ to, ...text(`${number}`.padEnd(1000)) })));
    assert.deepEqual(
      sent.map(each => each.seq).sort((a, b) => a - b),
      numbers(401).slice(1),
    );
    assert.equal(socketOf(ann).connected, true);
  });

  it('may be as much as the buffer holds', async () => {
    const ann = await person();
    const client = await ann.connect();
    const size = app.config.im.socketBufferBytes;
    const socket = socketOf(ann);
    for (const number of numbers(10)) emit(socket, number, Math.floor(size / 10));
    assert.deepEqual(await numbersOf(client, 10), numbers(10));
    assert.equal(socket.connected, true);
  });
});

describe('what is told to a room', () => {
  it('arrives whole: the adapter makes its frame of two buffers', async () => {
    const [ann, bob] = await people(2);
    const clients = await Promise.all([ann, bob].map(each => each.connect()));
    const room = app.io.of('/im').in([ann, bob].map(({ id }) => `user:${id}`));
    const error = { code: 'INTERNAL', message: 'x'.repeat(1000), retryable: false };
    for (const number of numbers(3)) room.emit('request:failed', { event: String(number), error });
    for (const client of clients) assert.deepEqual(await numbersOf(client, 3), numbers(3));
  });
});

describe('a connection that is closed', () => {
  it('behind what it was given has sent all of it', async () => {
    const ann = await person();
    const client = await ann.connect();
    const socket = socketOf(ann);
    for (const number of numbers(3)) emit(socket, number);
    await closeWritten(socket.conn);
    assert.deepEqual(await numbersOf(client, 3), numbers(3));
  });

  it('at once sends nothing behind its farewell', async () => {
    const ann = await person();
    const client = await ann.connect();
    const socket = socketOf(ann);
    emit(socket, 0);
    socket.conn.close();
    assert.equal(await client.closed(), 'transport close');
    assert.deepEqual(client.told('request:failed'), []);
  });
});

describe('a connection that can not be written to', () => {
  it('is closed, and the others of the same turn are written to', async () => {
    const [ann, bob, cat] = await people(3);
    const clients = await Promise.all([ann, bob, cat].map(each => each.connect()));
    const [first, broken, last] = [ann, bob, cat].map(socketOf);
    broken.conn.once('flush', () => {
      throw new Error('not today');
    });
    for (const socket of [first, broken, last]) emit(socket, 1);
    for (const client of [clients[0], clients[2]]) assert.deepEqual(await numbersOf(client, 1), [1]);
    assert.deepEqual([first.connected, broken.connected, last.connected], [true, false, true]);
  });
});

describe('a device that does not read', () => {
  /** Gives packets of that size to a device that does not read, and to one that does, until the first is closed. */
  async function flood(size: number): Promise<void> {
    const ann = await person();
    const phone = await ann.login();
    const [client, reading] = [await ann.connect(), await phone.connect()];
    const [slow, quick] = [socketOf(ann), socketOf(phone)];
    tcpOfClient(client).pause();
    let given = 0;
    while (slow.connected && given < 20_000) {
      for (const socket of [slow, quick]) emit(socket, given, size);
      given++;
      await numbersOf(reading, given);
    }
    assert.equal(slow.connected, false);
    assert.deepEqual(await numbersOf(reading, given), numbers(given));
    assert.equal(quick.connected, true);
  }

  it('is closed once its buffer is full, and one that reads gets everything', () => flood(50_000));

  it('is closed when all hold too much, and one that reads gets everything', () => {
    mm(app.config.im, 'bufferBytes', 1 << 20);
    mm(app.config.im, 'socketBufferBytes', 1 << 30);
    return flood(20_000);
  });

  it('is not closed before its buffer is full', async () => {
    const ann = await person();
    const client = await ann.connect();
    const socket = socketOf(ann);
    tcpOfClient(client).pause();
    for (const number of numbers(20)) {
      emit(socket, number, 1000);
      await turn();
    }
    assert.equal(socket.connected, true);
    tcpOfClient(client).resume();
    assert.deepEqual(await numbersOf(client, 20), numbers(20));
  });
});

describe('a device that polls', () => {
  it('is given what comes in one turn, and in later ones, in order', async () => {
    const ann = await person();
    const client = await ann.connect({ transports: ['polling'] });
    const socket = socketOf(ann);
    for (const number of numbers(100)) {
      emit(socket, number);
      if (number > 50) await turn();
    }
    assert.deepEqual(await numbersOf(client, 100), numbers(100));
    assert.equal((await client.request('sync:pull', { after: 0 })).entries.length, 0);
  });

  it('goes on in order when it changes to a web socket', async () => {
    const ann = await person();
    const client = await ann.connect({ transports: ['polling', 'websocket'] });
    const socket = socketOf(ann);
    for (let number = 0; socket.conn.transport.name === 'polling'; number++) {
      emit(socket, number);
      await numbersOf(client, number + 1);
    }
    const before = client.told('request:failed').length;
    for (const number of numbers(20)) emit(socket, before + number);
    assert.deepEqual(await numbersOf(client, before + 20), numbers(before + 20));
  });
});
