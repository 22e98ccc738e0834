import type { Redis } from 'ioredis';
import { newSecretId } from '../database/ids';
import type { Publication } from './entry';

/** Carries what was committed to the other nodes. What is lost on the way, their head checks make good. */
export interface Bus {
  send(publications: readonly Publication[]): void;
  listen(receive: (publications: Publication[]) => void): void;
}

/**
 * A channel of Redis. Not the one of Socket.IO's adapter, which turns entries, JSON already, to JSON once more, and parses
 * what the node itself has sent.
 */
export class RedisBus implements Bus {
  private readonly sender = Buffer.from(newSecretId());

  /** @param subscriber a connection that subscribes */
  constructor(
    private readonly redis: Redis,
    private readonly subscriber: Redis,
    private readonly channel: string,
  ) {}

  send(publications: readonly Publication[]): void {
    this.redis.publish(this.channel, `${this.sender}${encode(publications)}`).catch(() => undefined);
  }

  listen(receive: (publications: Publication[]) => void): void {
    const { sender } = this;
    this.subscriber.subscribe(this.channel).catch(() => undefined);
    this.subscriber.on('messageBuffer', (channel: Buffer, message: Buffer) => {
      if (channel.toString() !== this.channel || message.subarray(0, sender.length).equals(sender)) return;
      receive(decode(message.toString('utf8', sender.length)));
    });
  }
}

/** A line for each: the recipients and their numbers, a blank, and JSON, which has no line breaks. */
export function encode(publications: readonly Publication[]): string {
  return publications.map(({ tail, to }) => `${to.join()} ${tail}`).join('\n');
}

export function decode(text: string): Publication[] {
  return text.split('\n').map(line => {
    const blank = line.indexOf(' ');
    return { to: line.slice(0, blank).split(',').map(Number), tail: line.slice(blank + 1) };
  });
}
