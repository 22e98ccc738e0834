import type { Context } from 'egg';
import { LRUCache } from 'lru-cache';
import type { Message } from '../../schema/message';
import type { Card } from '../../schema/person';

/** Names and pictures of those who write, as new as their messages say. */
export class Cards {
  private readonly cards = new LRUCache<string, Card>({ max: 10_000 });

  /** The card of a message's sender; that of before, or none, when it can not be read now. */
  async ofSender({ app, service, actor }: Context, { senderId = '', senderVersion = 0 }: Message) {
    const known = this.cards.get(senderId);
    if (known && (known.version ?? 0) >= senderVersion) return known;
    const read = () => service.account.directory.batch(actor, [Number(senderId)]);
    const [card = known] = await app.engine.lookups.run(actor.userId, read).catch(() => []);
    if (card) this.cards.set(senderId, card);
    return card;
  }
}
