import type { Redis } from 'ioredis';
import { newSecretId } from '../database/ids';
import { RepeatingTask } from '../queue/repeating_task';

/** Characters of publishes that may wait for a slow Redis. */
const WAITING = 4 << 20;
const BEAT_MS = 2000;
/** Beats in a row that a subscriber may miss. */
const MISSED = 2;

/**
 * A connection that publishes: not that of other commands, which would wait behind pushes. What fails is dropped, and so is what
 * comes while Redis is too slow for those before; what they were to tell, the next check makes good.
 */
export function publisherOf(redis: Redis): Redis {
  // A publish that is given up would still be held by the connection, and count no more.
  const publisher = quiet(redis.duplicate({ commandTimeout: undefined }));
  const publish = publisher.publish.bind(publisher);
  let waiting = 0;
  publisher.publish = async (channel: string | Buffer, message: string | Buffer) => {
    if (waiting > WAITING) return 0;
    waiting += message.length;
    try {
      return await publish(channel, message);
    } catch {
      return 0;
    } finally {
      waiting -= message.length;
    }
  };
  return publisher;
}

/** A connection that subscribes. */
export function subscriberOf(redis: Redis): Redis {
  // Subscribing waits for the server, however often it goes away meanwhile: nobody looks after a failure of it.
  const patient = { enableOfflineQueue: true, maxRetriesPerRequest: null, commandTimeout: undefined };
  return quiet(redis.duplicate(patient));
}

/** What ails the server, the first connection logs already. */
function quiet(redis: Redis): Redis {
  return redis.on('error', () => undefined);
}

/**
 * Has a subscriber connected anew, within 10 s, that does not hear what this node publishes to itself: a connection that is open
 * at this end alone says nothing, and neither does a server that is cut off from the one where others publish.
 */
export class Heartbeat {
  private readonly task;
  private readonly channel;
  private missed = 0;

  /** @param redis another connection, of commands, by which the node speaks to itself */
  constructor(
    private readonly redis: Redis,
    private readonly subscriber: Redis,
    key: string,
    beatMs = BEAT_MS,
  ) {
    this.channel = `${key}:beat:${newSecretId()}`;
    subscriber.subscribe(this.channel).catch(() => undefined);
    subscriber.on('messageBuffer', (channel: Buffer) => {
      if (channel.toString() === this.channel) this.missed = 0;
    });
    // Without Redis there is nothing to hear.
    const onError = () => void (this.missed = 0);
    this.task = new RepeatingTask(beatMs, () => this.beat(), onError);
  }

  stop(): Promise<void> {
    return this.task.stop();
  }

  private async beat(): Promise<void> {
    const isReady = this.subscriber.status === 'ready';
    if (isReady && this.missed < MISSED) {
      this.missed++;
      await this.redis.publish(this.channel, '');
    } else {
      this.missed = 0;
      if (isReady) this.subscriber.disconnect(true);
    }
  }
}
