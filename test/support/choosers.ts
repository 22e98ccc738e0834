import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Dice } from '../../bench/fuzz/dice';
import type { CallName, Data, WireInput } from '../../app/schema/calls';
import type { Conversation } from '../../app/schema/conversation';
import { text, type Person } from './person';
import { app, mm, select, url } from './service';

const ADMIN = 'the-admin-token-of-the-random-test';

/** Until the end of the test the notices of `notice` are taken. */
export function takeNotices(): void {
  mm(app.config.im, 'adminToken', ADMIN);
}

export type Step = () => Promise<unknown>;
export type Chooser = (world: World) => Promise<Step> | Step;

/** Who does something. */
export interface Actor {
  readonly person: Person;
  call<N extends CallName>(name: N, input: WireInput<N>): Promise<Data<N>>;
}

/** What one operation is chosen from: who acts, on which device, in which conversation. */
export interface World {
  readonly dice: Dice;
  readonly persons: readonly Person[];
  readonly devices: readonly Actor[];
  readonly device: Actor;
  readonly conversation: Conversation;
  readonly groups: string[];
  /** Others may name them still. */
  isGone(person: Person): boolean;
  /** Deletes the account of the device. */
  readonly leave?: Step;
}

export const call =
  <N extends CallName>(name: N, input: (world: World) => WireInput<N>): Chooser =>
  world =>
  () =>
    world.device.call(name, input(world));

export const nothing: Step = () => Promise.resolve();

export const someone = ({ dice, persons }: World) => dice.pick(persons).id;
export const some = ({ dice, persons }: World, howMany: number) => dice.some(persons, howMany).map(each => each.id);
export const place = ({ conversation }: World) => ({ conversationId: conversation.id });
/** One of the latest messages, most of the time. */
export const seqIn = ({ dice, conversation }: World) =>
  Math.max(1, conversation.lastSeq - dice.below(Math.min(conversation.lastSeq || 1, dice.chance(0.8) ? 8 : 1000)));
export const message = (world: World) => ({ ...place(world), seq: seqIn(world) });
export const aGroup = ({ dice, groups, conversation }: World) => ({
  groupId: conversation.type === 'group' && dice.chance(0.8) ? conversation.id : dice.pick(groups),
});
export const words = ({ dice }: World) => dice.pick(['好的', 'see you', '在吗?', 'a longer line of words', '😀']);

export function draft(world: World) {
  const { dice, conversation } = world;
  const replyTo = dice.chance(0.1) && conversation.lastSeq > 0 ? { replyTo: seqIn(world) } : {};
  const mentionAll = dice.chance(0.05) ? { mentionAll: true as const } : {};
  return { ...text(words(world)), ...replyTo, ...mentionAll, ...mentions(world) };
}

/** Of one of the latest senders, who is likely to be a member. */
export function mentions({ dice, conversation, device }: World): { mentions?: string[] } {
  const { peerId, lastMessage } = conversation;
  const whom = peerId ?? lastMessage?.senderId ?? device.person.id;
  return dice.chance(0.3) ? { mentions: [whom] } : {};
}

export function forward(world: World): WireInput<'message.forward'> {
  const { dice, conversation, persons } = world;
  const seqs = [...new Set([seqIn(world), seqIn(world)])];
  const merged = dice.chance(0.5);
  const to = dice.chance(0.5) ? { to: { userId: dice.pick(persons).id } } : place(world);
  const clientMsgIds = Array.from({ length: merged ? 1 : seqs.length }, () => randomUUID());
  return { from: { conversationId: conversation.id, seqs }, ...to, merged, clientMsgIds };
}

export function setting({ dice }: World) {
  return dice.pick([
    { pinned: dice.chance(0.6) },
    { notify: dice.pick(['normal', 'silent', 'none'] as const) },
    { draft: dice.chance(0.7) ? 'half a sen' : null },
    { markedUnread: true as const },
  ]);
}

export function groupChange(world: World) {
  const { dice } = world;
  return dice.pick([
    { name: `Group ${dice.below(100)}` },
    { announcement: dice.chance(0.7) ? words(world) : null },
    { joinPolicy: dice.pick(['open', 'approval', 'invite'] as const) },
    { history: dice.pick(['joined', 'all'] as const) },
    { muteAll: dice.chance(0.3) },
  ]);
}

export function memberChange(world: World) {
  const { dice, device } = world;
  const later = new Date(Date.now() + 3_600_000).toISOString();
  return dice.pick([
    { userId: someone(world), role: dice.pick(['admin', 'member'] as const) },
    { userId: someone(world), mutedUntil: dice.chance(0.5) ? later : null },
    { userId: device.person.id, alias: dice.chance(0.7) ? words(world) : null },
  ]);
}

export function profile({ dice }: World): WireInput<'user.update'> {
  return dice.pick([
    { name: dice.pick(['小红', 'Sam', 'Kim']) },
    { avatar: dice.chance(0.7) ? `/files/${dice.below(9)}.png` : null },
    { signature: 'here' },
    { hidePresence: dice.chance(0.5) },
  ]);
}

export function withFriend<N extends 'friend.update' | 'friend.remove'>(
  name: N,
  input: (world: World) => Omit<WireInput<N>, 'userId'>,
): Chooser {
  return async world => {
    const friends = await world.device.person.call('friend.index', { limit: 50 });
    if (friends.length === 0) return nothing;
    return () => world.device.call(name, { userId: world.dice.pick(friends).user.id, ...input(world) } as WireInput<N>);
  };
}

export async function answerFriend({ dice, device }: World): Promise<Step> {
  const requests = await device.person.call('friend.requests', { direction: 'in', limit: 50 });
  const open = requests.filter(({ status }) => status === 'pending' || status === 'ignored');
  if (open.length === 0) return nothing;
  const answer = dice.pick(['accept', 'accept', 'reject', 'ignore'] as const);
  return () => device.call('friend.answer', { userId: dice.pick(open).from.id, answer });
}

export async function unblock({ dice, device }: World): Promise<Step> {
  const blocked = await device.person.call('block.index', { limit: 50 });
  return blocked.length === 0 ? nothing : () => device.call('block.remove', { userId: dice.pick(blocked).id });
}

export function makeGroup(world: World): Step {
  const { dice, device, groups } = world;
  const joinPolicy = dice.pick(['open', 'approval', 'invite'] as const);
  const history = dice.pick(['joined', 'all'] as const);
  return async () => {
    const group = await device.call('group.create', { name: 'New', memberIds: some(world, 4), joinPolicy, history });
    groups.push(group.id);
  };
}

/** What owners alone may do is seldom done when anybody tries. */
export function asOwner<N extends 'group.transfer' | 'group.dissolve' | 'member.remove'>(
  name: N,
  input: (world: World) => Omit<WireInput<N>, 'groupId'>,
): Chooser {
  return async world => {
    const groupId = world.dice.pick(world.groups);
    const [row] = await select('SELECT owner_id AS id FROM chat_group WHERE id = :groupId', { groupId });
    const owner = world.devices.find(({ person }) => person.id === String((row as typeof row | undefined)?.id));
    return owner ? () => owner.call(name, { groupId, ...input(world) } as WireInput<N>) : nothing;
  };
}

export async function liftBan({ dice, devices }: World): Promise<Step> {
  const bans = await select(
    `SELECT f.group_id AS groupId, f.user_id AS userId, g.owner_id AS ownerId
    FROM former_member f JOIN chat_group g ON g.id = f.group_id WHERE f.banned_at IS NOT NULL ORDER BY 1, 2`,
  );
  // Groups of other tests are there too.
  const owned = bans.flatMap(({ groupId, userId, ownerId }) => {
    const owner = devices.find(({ person }) => person.id === String(ownerId));
    return owner ? [{ groupId, userId, owner }] : [];
  });
  if (owned.length === 0) return nothing;
  const { groupId, userId, owner } = dice.pick(owned);
  return () => owner.call('member.unban', { groupId: String(groupId), userId: String(userId) });
}

export async function answerRequest(world: World): Promise<Step> {
  const { dice, device, persons } = world;
  const answer = dice.pick(['accept', 'accept', 'reject'] as const);
  const invitations = await device.person.call('member.invitations', { limit: 50 });
  const own = invitations.filter(({ kind, status }) => kind === 'invitation' && status === 'pending');
  if (own.length > 0) {
    return () => device.call('member.answer', { groupId: dice.pick(own).group.id, userId: device.person.id, answer });
  }
  return () => device.call('member.answer', { ...aGroup(world), userId: dice.pick(persons).id, answer });
}

export function notice({ dice, persons, isGone }: World): Step {
  const there = persons.filter(each => !isGone(each));
  const to = dice.chance(0.5) ? { userIds: dice.some(there, 3).map(each => each.id) } : 'all';
  const body = JSON.stringify({ to, clientMsgId: randomUUID(), title: 'News', text: 'something new' });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${ADMIN}` };
  return async () => {
    const response = await fetch(`${url()}/api/v1/notices`, { method: 'POST', headers, body });
    assert.equal(response.status, 200, await response.text());
  };
}
