import type { Message } from '../../app/schema/message';
import type { Group, Member } from '../../app/schema/group';
import type { ConversationKind, EntryData, EntryType } from '../../app/schema/sync';
import type { Card } from '../../app/schema/person';
import type { Me } from '../../app/schema/user';
import type { Entry } from './replica';

type Settings = EntryData<'conversation.updated'>['settings'];
type Receipt = EntryData<'conversation.receipt'>;

const untouched: Settings = { pinned: false, notify: 'normal', markedUnread: false, hidden: false, clearedSeq: 0 };

/** What a device knows of one conversation. */
export class ConversationState {
  readonly messages = new Map<number, Message>();
  /** `reaction userId`, by seq */
  readonly reactions = new Map<number, Set<string>>();
  readonly hidden = new Set<number>();
  readonly pins = new Set<number>();
  /** Members of whom something has changed. */
  readonly members = new Map<string, Pick<Member, 'role' | 'alias' | 'mutedUntil'>>();
  /** The first message since the user is a member. */
  firstSeq = 0;
  readSeq = 0;
  settings = untouched;
  receipt: Receipt = { deliveredSeq: 0, readSeq: 0 };
  group?: Group;
  /** Known from the first message on. */
  kind?: ConversationKind;

  constructor(private readonly userId: string) {}

  private get unreadMessages(): Message[] {
    return [...this.messages.values()].filter(
      ({ seq, type, senderId, deleted }) =>
        seq > this.readSeq && type !== 'system' && senderId !== this.userId && !deleted,
    );
  }

  get unread(): number {
    return this.unreadMessages.length;
  }

  get mentioned(): boolean {
    return this.unreadMessages.some(({ mentions, mentionAll }) => mentionAll ?? mentions?.includes(this.userId));
  }

  /** What the user is in a group, and may do there. */
  standing({ ownerId, muteAll }: Group) {
    const { role = ownerId === this.userId ? 'owner' : 'member', mutedUntil } = this.members.get(this.userId) ?? {};
    return { role, mutedUntil, muteAll };
  }

  /** What is on screen: neither cleared nor deleted, in order. */
  get visible(): Message[] {
    const shown = [...this.messages.values()].filter(({ seq, deleted }) => !this.hidden.has(seq) && !deleted);
    return shown.sort((a, b) => a.seq - b.seq);
  }

  add(message: Message): void {
    const { seq, senderId, type } = message;
    this.messages.set(seq, message);
    this.firstSeq ||= seq;
    this.settings = { ...this.settings, hidden: false };
    if (type === 'system') return;
    // Sending means having read.
    if (senderId === this.userId) this.read(seq);
    else if (this.kind?.type === 'single') this.seen({ deliveredSeq: seq, readSeq: seq });
  }

  replace(message: Message): void {
    if (!this.messages.has(message.seq)) return;
    this.messages.set(message.seq, message);
    if (message.recalled) this.strip(message.seq);
  }

  remove(seq: number): void {
    this.messages.delete(seq);
    this.strip(seq);
  }

  react({ seq, reaction, userId, reacted }: EntryData<'message.reacted'>): void {
    const set = this.reactions.get(seq) ?? new Set();
    this.reactions.set(seq, set);
    if (reacted) set.add(`${reaction} ${userId}`);
    else set.delete(`${reaction} ${userId}`);
  }

  read(seq: number): void {
    this.readSeq = Math.max(this.readSeq, seq);
    this.settings = { ...this.settings, markedUnread: false };
  }

  seen({ deliveredSeq, readSeq }: Receipt): void {
    const { receipt } = this;
    this.receipt = {
      deliveredSeq: Math.max(receipt.deliveredSeq, deliveredSeq),
      readSeq: Math.max(receipt.readSeq, readSeq),
    };
  }

  set({ settings, readSeq }: EntryData<'conversation.updated'>): void {
    this.settings = settings;
    this.readSeq = Math.max(this.readSeq, readSeq);
    for (const seq of this.messages.keys()) if (seq <= settings.clearedSeq) this.messages.delete(seq);
  }

  private strip(seq: number): void {
    this.reactions.delete(seq);
    this.pins.delete(seq);
  }
}

/**
 * The state of a device as docs/protocol.md says that a client makes it, from its stream alone: nothing is asked of the
 * server, and nothing depends on when or how an entry came.
 */
export class DeviceState {
  readonly conversations = new Map<string, ConversationState>();
  readonly friends = new Map<string, string | undefined>();
  /** Of those who are or were friends. */
  readonly cards = new Map<string, Card>();
  /** Once the user has changed something of themselves. */
  me?: Me;
  /** status by `from>to` */
  readonly friendRequests = new Map<string, string>();
  /** status by `group:user:kind` */
  readonly groupRequests = new Map<string, string>();
  readonly blocked = new Set<string>();
  readonly stars = new Set<string>();
  readonly unbanned = new Set<string>();

  constructor(private readonly userId: string) {}

  apply(entry: Entry): void {
    if ('conversation' in entry) this.conversation(entry.conversationId).kind = entry.conversation;
    // Each handler takes the data of its own type.
    (this.handlers[entry.type] as (data: unknown, id: string) => void)(
      entry.data,
      'conversationId' in entry ? entry.conversationId : '',
    );
  }

  private conversation(id: string): ConversationState {
    const known = this.conversations.get(id) ?? new ConversationState(this.userId);
    this.conversations.set(id, known);
    return known;
  }

  private forget(id: string): void {
    this.conversations.delete(id);
    for (const star of this.stars) if (star.startsWith(`${id}:`)) this.stars.delete(star);
  }

  private meet({ id, name, avatar, version = 0 }: Card): void {
    if (version >= (this.cards.get(id)?.version ?? 0)) this.cards.set(id, { id, name, avatar, version });
  }

  private withGroup(id: string, change: (group: Group) => Partial<Group>): void {
    const { group } = this.conversation(id);
    if (group) this.conversation(id).group = { ...group, ...change(group) };
  }

  private readonly handlers: { [T in EntryType]: (data: EntryData<T>, id: string) => void } = {
    'message.new': ({ messages }, id) => {
      for (const message of messages) this.conversation(id).add(message);
    },
    'message.edited': ({ messages }, id) => {
      for (const message of messages) this.conversation(id).replace(message);
    },
    'message.recalled': ({ messages }, id) => {
      for (const message of messages) {
        this.conversation(id).replace(message);
        this.stars.delete(`${id}:${message.seq}`);
      }
    },
    'message.deleted': ({ seq }, id) => {
      this.conversation(id).remove(seq);
      this.stars.delete(`${id}:${seq}`);
    },
    'message.hidden': ({ seqs }, id) => {
      for (const seq of seqs) {
        this.conversation(id).hidden.add(seq);
        this.stars.delete(`${id}:${seq}`);
      }
    },
    'message.reacted': (data, id) => this.conversation(id).react(data),
    'message.pinned': ({ seq, pinned }, id) => {
      const { pins } = this.conversation(id);
      if (pinned) pins.add(seq);
      else pins.delete(seq);
    },
    'message.starred': ({ seq, starred }, id) => {
      if (starred) this.stars.add(`${id}:${seq}`);
      else this.stars.delete(`${id}:${seq}`);
    },
    'conversation.read': ({ readSeq }, id) => this.conversation(id).read(readSeq),
    'conversation.receipt': (data, id) => this.conversation(id).seen(data),
    'conversation.updated': (data, id) => {
      this.conversation(id).set(data);
      for (const star of this.stars) {
        const [conversationId, seq] = star.split(':');
        if (conversationId === id && Number(seq) <= data.settings.clearedSeq) this.stars.delete(star);
      }
    },
    'group.created': ({ group }, id) => void (this.conversation(id).group = group),
    'group.updated': ({ group }, id) => void (this.conversation(id).group = group),
    'group.members_added': ({ group, userIds, muted = [] }, id) => {
      // What was known of an earlier membership is not what a new one may see.
      if (userIds.includes(this.userId)) this.forget(id);
      this.conversation(id).group = group;
      for (const userId of userIds) this.conversation(id).members.delete(userId);
      for (const { userId, mutedUntil } of muted) {
        this.conversation(id).members.set(userId, { role: 'member', mutedUntil });
      }
    },
    'group.unbanned': ({ userId }) => void this.unbanned.add(userId),
    'group.members_removed': ({ userIds }, id) => {
      if (userIds.includes(this.userId)) this.forget(id);
      else this.withGroup(id, ({ memberCount }) => ({ memberCount: memberCount - userIds.length }));
      for (const userId of userIds) this.conversations.get(id)?.members.delete(userId);
    },
    'group.member_updated': ({ userId, role, alias, mutedUntil }, id) => {
      this.conversation(id).members.set(userId, { role, ...(alias && { alias }), ...(mutedUntil && { mutedUntil }) });
      if (role === 'owner') this.withGroup(id, () => ({ ownerId: userId }));
    },
    'group.dissolved': (_data, id) => this.forget(id),
    'group.requests': ({ requests }) => {
      for (const { group, user, kind, status } of requests) {
        this.groupRequests.set(`${group.id}:${user.id}:${kind}`, status);
      }
    },
    'friend.request': ({ request: { from, to, status } }) => {
      if (from.deleted ?? to.deleted) this.friendRequests.delete(`${from.id}>${to.id}`);
      else this.friendRequests.set(`${from.id}>${to.id}`, status);
    },
    'me.updated': ({ me }) => void (this.me = me),
    'user.updated': ({ user }) => this.meet(user),
    'friend.updated': ({ friend: { user, alias } }) => {
      this.friends.set(user.id, alias);
      this.meet(user);
    },
    'friend.removed': ({ userId }) => void this.friends.delete(userId),
    'block.updated': ({ userId, blocked }) => {
      if (blocked) this.blocked.add(userId);
      else this.blocked.delete(userId);
    },
  };
}
