import type { CallName, Data, WireInput } from '../../app/schema/calls';
import type { Receipt } from '../../app/schema/conversation';
import type { Message } from '../../app/schema/message';
import type { Card } from '../../app/schema/person';
import type { Person } from './person';
import type { ConversationState, DeviceState } from './state';

const sorted = <T>(items: Iterable<T>) => [...items].sort();
const withoutReactions = (message: Message): Message => ({ ...message, reactions: undefined });

/** Every page of a list. */
export async function all<N extends CallName>(
  person: Person,
  name: N,
  input: Record<string, unknown> = {},
): Promise<Data<N>> {
  const items: unknown[] = [];
  let cursor: string | undefined;
  do {
    const page = await person.callPage(name, {
      ...input,
      limit: 50,
      ...(cursor && { cursor }),
    } as unknown as WireInput<N>);
    items.push(...(page.data as unknown[]));
    cursor = page.nextCursor;
  } while (cursor);
  return items;
}

/** A device does not know of a receipt before there is one. */
const begun = (receipt?: Receipt) => (receipt?.deliveredSeq ? receipt : undefined);

async function history(person: Person, conversationId: string): Promise<Message[]> {
  const messages: Message[] = [];
  for (;;) {
    const after = messages.at(-1)?.seq ?? 0;
    const page = await person.call('message.index', { conversationId, after, limit: 200 });
    messages.push(...page);
    if (page.length === 0) return messages;
  }
}

/** What is listed, in a form in which a device's state and the server's can be compared. */
function listed(state: DeviceState): [string, ConversationState][] {
  return [...state.conversations]
    .filter(([, { group, firstSeq, settings }]) => (group ?? firstSeq > 0) && !settings.hidden)
    .sort(([a], [b]) => a.localeCompare(b));
}

function conversationOf(id: string, state: ConversationState) {
  const { readSeq, firstSeq, unread, mentioned, settings, receipt, group, visible, reactions, pins, members } = state;
  const { kind } = state;
  const shown = new Set(visible.map(each => each.seq));
  return {
    id,
    kind,
    readSeq: Math.max(readSeq, firstSeq - 1),
    unread,
    mentioned,
    settings,
    receipt: begun(receipt),
    group,
    ...(group && state.standing(group)),
    messages: visible.map(withoutReactions),
    reactions: sorted(
      [...reactions].flatMap(([seq, set]) => (shown.has(seq) ? [...set].map(each => `${seq} ${each}`) : [])),
    ),
    pins: sorted([...pins].filter(seq => shown.has(seq))),
    members: sorted(members.keys()).map(userId => ({ userId, ...members.get(userId) })),
  };
}

/** A friend, with all that a list shows of them. */
const lineOf = ({ id, name, avatar = '', version = 0 }: Card, alias = '') => [id, alias, name, avatar, version].join();

export function stateOfDevice(state: DeviceState) {
  return {
    conversations: listed(state).map(([id, conversation]) => conversationOf(id, conversation)),
    me: state.me,
    friends: sorted([...state.friends].map(([id, alias]) => lineOf(state.cards.get(id)!, alias))),
    friendRequests: sorted([...state.friendRequests].map(([key, status]) => `${key} ${status}`)),
    blocked: sorted(state.blocked),
    stars: sorted(state.stars),
  };
}

/** The same by asking the server; of what a device can not know it takes what `device` knows to compare. */
export async function stateOfServer(person: Person, device: DeviceState) {
  const conversations = [];
  for (const { id, ...shown } of await all(person, 'conversation.index')) {
    const known = device.conversations.get(id);
    conversations.push({
      ...(await conversationAt(person, id, known)),
      ...pickShown(shown),
      kind: known?.kind && kindOf(person, shown),
    });
  }
  const requests = [
    ...(await all(person, 'friend.requests', { direction: 'in' })),
    ...(await all(person, 'friend.requests', { direction: 'out' })),
  ];
  return {
    conversations: conversations.sort((a, b) => a.id.localeCompare(b.id)),
    me: device.me && (await person.call('user.me', {})),
    friends: sorted((await all(person, 'friend.index')).map(({ user, alias }) => lineOf(user, alias))),
    friendRequests: sorted(requests.map(({ from, to, status }) => `${from.id}>${to.id} ${status}`)),
    blocked: sorted((await all(person, 'block.index')).map(each => each.id)),
    stars: sorted(
      (await all(person, 'message.stars')).map(({ message: { conversationId, seq } }) => `${conversationId}:${seq}`),
    ),
  };
}

function kindOf({ id }: Person, { type, peerId }: Pick<Data<'conversation.show'>, 'type' | 'peerId'>) {
  const userIds = peerId && [...new Set([id, peerId])].sort((a, b) => Number(a) - Number(b));
  return { type, ...(userIds && { userIds }) };
}

function pickShown(shown: Omit<Data<'conversation.show'>, 'id'>) {
  const { readSeq, unread, mentioned, settings, receipt, role, mutedUntil, muteAll } = shown;
  const standing = role && { role, mutedUntil, muteAll };
  return { readSeq, unread, mentioned, settings, receipt: begun(receipt), ...standing };
}

async function conversationAt(person: Person, conversationId: string, known?: ConversationState) {
  const messages = (await history(person, conversationId)).filter(({ seq }) => seq >= (known?.firstSeq ?? 0));
  const seqs = new Set(messages.map(each => each.seq));
  const pins = await person.call('message.pins', { conversationId });
  const group = known?.group && (await person.call('group.show', { groupId: conversationId }));
  const members = group ? await all(person, 'member.index', { groupId: conversationId }) : [];
  return {
    id: conversationId,
    group,
    messages: messages.map(withoutReactions),
    reactions: sorted(
      messages.flatMap(({ seq, reactions = [] }) =>
        reactions.flatMap(({ reaction, userIds }) => userIds.map(userId => `${seq} ${reaction} ${userId}`)),
      ),
    ),
    pins: sorted(pins.map(each => each.seq).filter(seq => seqs.has(seq))),
    members: members
      .filter(({ userId }) => known?.members.has(userId))
      .map(({ userId, role, alias, mutedUntil }) => ({
        userId,
        role,
        ...(alias && { alias }),
        ...(mutedUntil && { mutedUntil }),
      }))
      .sort((a, b) => (a.userId < b.userId ? -1 : 1)),
  };
}
