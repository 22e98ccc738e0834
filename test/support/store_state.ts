import type { Client, ConversationRow, ConversationView, GroupRequest, Message, Reading } from 'egg-im-client';
import type { Person } from './person';
import { Refusal } from './refusal';
import { all } from './server-state';

/*
 * What the store of a client holds, and what the server answers to the same questions, in forms that can be compared. Names and
 * pictures of users who are no friends are left out: nothing tells a device of them.
 */

const bySeq = (a: { seq: number }, b: { seq: number }) => a.seq - b.seq;
const sorted = (items: readonly unknown[]) => [...items].map(each => JSON.stringify(each)).sort();
/** As JSON brings it: what is undefined is not there. */
const plain = <T>(value: T): T => (value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T));

/** Those who reacted come in no particular order. */
function shownMessage({ reactions, ...message }: Message) {
  const sets = (reactions ?? []).map(each => ({ ...each, userIds: [...each.userIds].sort() }));
  return plain({ ...message, ...(sets.length > 0 && { reactions: sorted(sets) }) });
}

type Shown = Pick<
  ConversationView,
  | 'id'
  | 'type'
  | 'peerId'
  | 'name'
  | 'role'
  | 'mutedUntil'
  | 'muteAll'
  | 'lastMessage'
  | 'lastSeq'
  | 'lastAt'
  | 'readSeq'
> &
  Pick<ConversationView, 'unread' | 'mentioned' | 'settings' | 'receipt'>;

function shownConversation(shown: Shown, friends: ReadonlySet<string>) {
  const { id, type, peerId, name, role, mutedUntil, muteAll, lastSeq, lastAt, readSeq, unread, mentioned } = shown;
  const { lastMessage, settings, receipt } = shown;
  const bare = lastMessage && { ...lastMessage, reactions: undefined };
  const isNamed = peerId === undefined || friends.has(peerId);
  return plain({
    ...{ id, type, peerId, role, mutedUntil, muteAll, lastSeq, lastAt, readSeq, unread, mentioned },
    ...{ lastMessage: bare, settings, receipt, ...(isNamed && { name }) },
  });
}

/** Nobody is told that a group is gone by which they were refused. */
function waiting(requests: readonly GroupRequest[]) {
  const left = requests.filter(each => each.status === 'pending');
  return sorted(left.map(({ group, user, kind }) => [group.id, user.id, kind]));
}

/** Of the conversations in the order of the list. */
export async function conversationsOfServer(person: Person) {
  const friends = new Set((await all(person, 'friend.index')).map(each => each.user.id));
  const list = await all(person, 'conversation.index');
  return {
    list: list.map(each => shownConversation(each, friends)),
    unread: await person.call('conversation.unread', {}),
  };
}

export function conversationsOfClient(client: Client) {
  const friends = new Map(client.people.friends.value.map(each => [each.user.id, each]));
  const names = (each: ConversationView) => {
    const name = (each.peerId && friends.get(each.peerId)?.user.name) ?? each.name;
    return { ...each, name };
  };
  const list = client.conversations.value.map(each => shownConversation(names(each), new Set(friends.keys())));
  return { list, unread: client.unread.value };
}

export async function listsOfServer(person: Person) {
  const requests = [
    ...(await all(person, 'friend.requests', { direction: 'in' })),
    ...(await all(person, 'friend.requests', { direction: 'out' })),
  ];
  return {
    me: await person.call('user.me', {}),
    friends: sorted(await all(person, 'friend.index')),
    requests: sorted(requests.map(({ from, to, greeting, status }) => [from.id, to.id, greeting, status])),
    blocks: sorted((await all(person, 'block.index')).map(each => each.id)),
    stars: sorted((await all(person, 'message.stars')).map(({ message }) => [message.conversationId, message.seq])),
    invitations: waiting(await all(person, 'member.invitations')),
  };
}

export async function listsOfStore(t: Reading, userId: string) {
  const friends = await t.list('friends');
  const cards = new Map((await t.list('cards')).map(each => [each.id, each]));
  const requests = await t.list('friendRequests');
  const invitations = (await t.list('groupRequests')).filter(each => each.user.id === userId);
  return {
    me: await t.get('me', ['me']),
    friends: sorted(friends.map(each => plain({ ...each, user: cards.get(each.user.id) }))),
    requests: sorted(requests.map(({ from, to, greeting, status }) => [from.id, to.id, greeting, status])),
    blocks: sorted((await t.list('blocks')).map(each => each.userId)),
    stars: sorted((await t.list('stars')).map(({ conversationId, seq }) => [conversationId, seq])),
    invitations: waiting(invitations),
  };
}

/** The messages in the spans that are held, the pinned ones where they are loaded, and a group with its members. */
export async function contentsOfStore(t: Reading, { id, spans }: ConversationRow) {
  const isHeld = ({ seq }: Message) => spans.some(([from, to]) => from <= seq && seq <= to);
  const members = (await t.get('memberLists', [id])) && (await t.list('members', { prefix: [id] }));
  const pins = (await t.get('pinLists', [id])) && (await t.list('pins', { prefix: [id] }));
  return {
    messages: (await t.list('messages', { prefix: [id] })).filter(isHeld).sort(bySeq).map(shownMessage),
    pins: pins && sorted(pins.map(each => each.seq)),
    group: plain(await t.get('groups', [id])),
    members: members && sorted(members.map(shownMember)),
  };
}

type Contents = Awaited<ReturnType<typeof contentsOfStore>>;

/** The same by asking the server, of what is held. */
export async function contentsOfServer(
  person: Person,
  { id, spans }: ConversationRow,
  held: Contents,
): Promise<Contents> {
  const isHeld = ({ seq }: Message) => spans.some(([from, to]) => from <= seq && seq <= to);
  const history = await historyOf(person, id).catch(passOver);
  // One that has ended for all, of which nothing is held.
  if (!history) return { messages: [], pins: held.pins && [], group: undefined, members: undefined };
  const pins = held.pins && (await person.call('message.pins', { conversationId: id }));
  return {
    messages: history.filter(isHeld).map(shownMessage),
    pins: pins && sorted(pins.map(each => each.seq)),
    group: held.group && (await person.call('group.show', { groupId: id })),
    members: held.members && sorted((await all(person, 'member.index', { groupId: id })).map(shownMember)),
  };
}

function passOver(error: unknown): undefined {
  if (!(error instanceof Refusal && error.failure.code === 'CONVERSATION_NOT_FOUND')) throw error;
}

function shownMember({
  userId,
  role,
  alias,
  mutedUntil,
  joinedAt,
}: {
  readonly userId: string;
  readonly role: string;
  readonly alias?: string;
  readonly mutedUntil?: string;
  readonly joinedAt: string;
}) {
  return { userId, role, alias, mutedUntil, joinedAt };
}

export async function historyOf(person: Person, conversationId: string): Promise<Message[]> {
  const messages: Message[] = [];
  for (;;) {
    const after = messages.at(-1)?.seq ?? 0;
    const page = await person.call('message.index', { conversationId, after, limit: 200 });
    messages.push(...(page as Message[]));
    if (page.length === 0) return messages;
  }
}
