import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { CallName, WireInput } from '../app/schema/calls';
import type { Conversation } from '../app/schema/conversation';
import { crowd, Dice, type Crowd, type Device } from './support/crowd';
import { Departed } from './support/departed';
import { groupOf } from './support/group';
import { text } from './support/person';
import { Refusal } from './support/refusal';
import { stateOfDevice, stateOfServer } from './support/server-state';
import { app, mm, select, url } from './support/service';

/*
 * 2,000 random things that people do, by 20 users on two devices each, some of which are away at times, and some of whom delete
 * their accounts. In the end every device, by its stream alone, and the server have to agree, and nothing is left of who is gone.
 * RANDOM_SEED replays a run, RANDOM_OPERATIONS makes a longer one.
 */
const OPERATIONS = Number(process.env.RANDOM_OPERATIONS ?? 2000);
const SEED = Number(process.env.RANDOM_SEED ?? 1);
const USERS = 20;
/** Of them, so many delete their accounts at most. */
const DEPARTING = 5;
const ADMIN = 'the-admin-token-of-the-random-test';

type Step = () => Promise<unknown>;
type Chooser = (world: World) => Promise<Step> | Step;

/** What one operation is chosen from: who acts, on which device, in which conversation. */
interface World extends Crowd {
  readonly dice: Dice;
  readonly device: Device;
  readonly conversation: Conversation;
  readonly groups: string[];
  /** Others may name them still. */
  readonly departed: Departed;
}

const call =
  <N extends CallName>(name: N, input: (world: World) => WireInput<N>): Chooser =>
  world =>
  () =>
    world.device.call(name, input(world));

const someone = ({ dice, persons }: World) => dice.pick(persons).id;
const some = ({ dice, persons }: World, howMany: number) => dice.some(persons, howMany).map(each => each.id);
const place = ({ conversation }: World) => ({ conversationId: conversation.id });
/** One of the latest messages, most of the time. */
const seqIn = ({ dice, conversation }: World) =>
  Math.max(1, conversation.lastSeq - dice.below(Math.min(conversation.lastSeq || 1, dice.chance(0.8) ? 8 : 1000)));
const message = (world: World) => ({ ...place(world), seq: seqIn(world) });
const aGroup = ({ dice, groups, conversation }: World) => ({
  groupId: conversation.type === 'group' && dice.chance(0.8) ? conversation.id : dice.pick(groups),
});
const words = ({ dice }: World) => dice.pick(['好的', 'see you', '在吗?', 'a longer line of words', '😀']);

const operations: readonly (readonly [weight: number, name: string, choose: Chooser])[] = [
  [24, 'send', call('message.send', world => ({ ...place(world), ...draft(world) }) as WireInput<'message.send'>)],
  [
    8,
    'write to',
    call(
      'message.send',
      world => ({ to: { userId: someone(world) }, ...text(words(world)) }) as WireInput<'message.send'>,
    ),
  ],
  [10, 'read', call('conversation.read', message)],
  [
    4,
    'edit',
    call('message.edit', world => ({ ...message(world), content: { text: `${words(world)}!` }, ...mentions(world) })),
  ],
  [4, 'recall', call('message.recall', message)],
  [
    3,
    'delete for me',
    call('message.remove', world => ({ ...place(world), seqs: [seqIn(world)], for: 'me' as const })),
  ],
  [
    3,
    'delete for both',
    call('message.remove', world => ({ ...place(world), seqs: [seqIn(world)], for: 'both' as const })),
  ],
  [
    6,
    'react',
    call('message.react', world => ({
      ...message(world),
      reaction: world.dice.pick(['👍', '❤️', 'ok']),
      reacted: world.dice.chance(0.7),
    })),
  ],
  [3, 'pin', call('message.pin', world => ({ ...message(world), pinned: world.dice.chance(0.7) }))],
  [3, 'star', call('message.star', world => ({ ...message(world), starred: world.dice.chance(0.7) }))],
  [3, 'forward', call('message.forward', forward)],
  [5, 'set', call('conversation.update', world => ({ ...place(world), ...setting(world) }))],
  [1, 'clear', call('conversation.clear', place)],
  [0.5, 'clear up to', call('conversation.clear', message)],
  [1, 'delete conversation', call('conversation.remove', place)],
  [0.5, 'delete conversation up to', call('conversation.remove', message)],
  [0.5, 'read all', call('conversation.readAll', () => ({}))],
  [4, 'ask friend', call('friend.ask', world => ({ userId: someone(world), greeting: words(world) }))],
  [5, 'answer friend', answerFriend],
  [
    2,
    'alias of friend',
    withFriend('friend.update', ({ dice }) => ({ alias: dice.chance(0.7) ? dice.pick(['Al', '小明']) : null })),
  ],
  [3, 'profile', call('user.update', profile)],
  [1, 'end friendship', withFriend('friend.remove', () => ({}))],
  [1, 'block', call('block.create', world => ({ userId: someone(world) }))],
  [2, 'unblock', unblock],
  [2, 'make group', makeGroup],
  [3, 'update group', call('group.update', world => ({ ...aGroup(world), ...groupChange(world) }))],
  [2, 'transfer', asOwner('group.transfer', world => ({ userId: someone(world) }))],
  [0.5, 'dissolve', asOwner('group.dissolve', () => ({}))],
  [3, 'join', call('group.join', world => ({ ...aGroup(world), words: words(world) }))],
  [1, 'leave', call('group.leave', aGroup)],
  [3, 'add', call('member.add', world => ({ ...aGroup(world), userIds: some(world, 2) }))],
  [1.5, 'remove', asOwner('member.remove', world => ({ userIds: some(world, 2) }))],
  [2, 'lift ban', liftBan],
  [4, 'update member', call('member.update', world => ({ ...aGroup(world), ...memberChange(world) }))],
  [2, 'invite', call('member.invite', world => ({ ...aGroup(world), userIds: some(world, 2) }))],
  [4, 'answer request', answerRequest],
  [1, 'notice', notice],
  [0.4, 'delete account', deleteAccount],
];

function draft(world: World) {
  const { dice, conversation } = world;
  const replyTo = dice.chance(0.1) && conversation.lastSeq > 0 ? { replyTo: seqIn(world) } : {};
  const mentionAll = dice.chance(0.05) ? { mentionAll: true as const } : {};
  return { ...text(words(world)), ...replyTo, ...mentionAll, ...mentions(world) };
}

/** Of one of the latest senders, who is likely to be a member. */
function mentions({ dice, conversation, device }: World): { mentions?: string[] } {
  const { peerId, lastMessage } = conversation;
  const whom = peerId ?? lastMessage?.senderId ?? device.person.id;
  return dice.chance(0.3) ? { mentions: [whom] } : {};
}

function forward(world: World): WireInput<'message.forward'> {
  const { dice, conversation, persons } = world;
  const seqs = [...new Set([seqIn(world), seqIn(world)])];
  const merged = dice.chance(0.5);
  const to = dice.chance(0.5) ? { to: { userId: dice.pick(persons).id } } : place(world);
  const clientMsgIds = Array.from({ length: merged ? 1 : seqs.length }, () => randomUUID());
  return { from: { conversationId: conversation.id, seqs }, ...to, merged, clientMsgIds };
}

function setting({ dice }: World) {
  return dice.pick([
    { pinned: dice.chance(0.6) },
    { notify: dice.pick(['normal', 'silent', 'none'] as const) },
    { draft: dice.chance(0.7) ? 'half a sen' : null },
    { markedUnread: true as const },
  ]);
}

function groupChange(world: World) {
  const { dice } = world;
  return dice.pick([
    { name: `Group ${dice.below(100)}` },
    { announcement: dice.chance(0.7) ? words(world) : null },
    { joinPolicy: dice.pick(['open', 'approval', 'invite'] as const) },
    { history: dice.pick(['joined', 'all'] as const) },
    { muteAll: dice.chance(0.3) },
  ]);
}

function memberChange(world: World) {
  const { dice, device } = world;
  const later = new Date(Date.now() + 3_600_000).toISOString();
  return dice.pick([
    { userId: someone(world), role: dice.pick(['admin', 'member'] as const) },
    { userId: someone(world), mutedUntil: dice.chance(0.5) ? later : null },
    { userId: device.person.id, alias: dice.chance(0.7) ? words(world) : null },
  ]);
}

function profile({ dice }: World): WireInput<'user.update'> {
  return dice.pick([
    { name: dice.pick(['小红', 'Sam', 'Kim']) },
    { avatar: dice.chance(0.7) ? `/files/${dice.below(9)}.png` : null },
    { signature: 'here' },
    { hidePresence: dice.chance(0.5) },
  ]);
}

function withFriend<N extends 'friend.update' | 'friend.remove'>(
  name: N,
  input: (world: World) => Omit<WireInput<N>, 'userId'>,
): Chooser {
  return async world => {
    const friends = await world.device.person.call('friend.index', { limit: 50 });
    if (friends.length === 0) return nothing;
    return () => world.device.call(name, { userId: world.dice.pick(friends).user.id, ...input(world) } as WireInput<N>);
  };
}

async function answerFriend({ dice, device }: World): Promise<Step> {
  const requests = await device.person.call('friend.requests', { direction: 'in', limit: 50 });
  const open = requests.filter(({ status }) => status === 'pending' || status === 'ignored');
  if (open.length === 0) return nothing;
  const answer = dice.pick(['accept', 'accept', 'reject', 'ignore'] as const);
  return () => device.call('friend.answer', { userId: dice.pick(open).from.id, answer });
}

async function unblock({ dice, device }: World): Promise<Step> {
  const blocked = await device.person.call('block.index', { limit: 50 });
  return blocked.length === 0 ? nothing : () => device.call('block.remove', { userId: dice.pick(blocked).id });
}

function makeGroup(world: World): Step {
  const { dice, device, groups } = world;
  const joinPolicy = dice.pick(['open', 'approval', 'invite'] as const);
  const history = dice.pick(['joined', 'all'] as const);
  return async () => {
    const group = await device.call('group.create', { name: 'New', memberIds: some(world, 4), joinPolicy, history });
    groups.push(group.id);
  };
}

/** What owners alone may do is seldom done when anybody tries. */
function asOwner<N extends 'group.transfer' | 'group.dissolve' | 'member.remove'>(
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

async function liftBan({ dice, devices }: World): Promise<Step> {
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

async function answerRequest(world: World): Promise<Step> {
  const { dice, device, persons } = world;
  const answer = dice.pick(['accept', 'accept', 'reject'] as const);
  const invitations = await device.person.call('member.invitations', { limit: 50 });
  const own = invitations.filter(({ kind, status }) => kind === 'invitation' && status === 'pending');
  if (own.length > 0) {
    return () => device.call('member.answer', { groupId: dice.pick(own).group.id, userId: device.person.id, answer });
  }
  return () => device.call('member.answer', { ...aGroup(world), userId: dice.pick(persons).id, answer });
}

function notice({ dice, persons, departed }: World): Step {
  const there = persons.filter(each => !departed.has(each));
  const to = dice.chance(0.5) ? { userIds: dice.some(there, 3).map(each => each.id) } : 'all';
  const body = JSON.stringify({ to, clientMsgId: randomUUID(), title: 'News', text: 'something new' });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${ADMIN}` };
  return async () => {
    const response = await fetch(`${url()}/api/v1/notices`, { method: 'POST', headers, body });
    assert.equal(response.status, 200, await response.text());
  };
}

function deleteAccount({ device, devices, departed }: World): Step {
  return departed.size < DEPARTING ? () => departed.leave(device, devices) : nothing;
}

const nothing: Step = () => Promise.resolve();
const total = operations.reduce((sum, [weight]) => sum + weight, 0);

function choose(dice: Dice) {
  let left = dice.roll() * total;
  return operations.find(([weight]) => (left -= weight) < 0)!;
}

describe('twenty people with two devices each', () => {
  it(`agree with the server and each other after ${OPERATIONS} random operations (RANDOM_SEED=${SEED})`, async function () {
    this.timeout(600_000);
    mm(app.config.im, 'adminToken', ADMIN);
    const dice = new Dice(SEED);
    const everybody = await crowd(USERS);
    const { persons, devices, arrivals } = everybody;
    const departed = new Departed();
    let staying = devices;
    const groups = [(await groupOf(persons.slice(0, 8))).id, (await groupOf(persons.slice(6, 14))).id];
    await persons[0].call('message.send', {
      to: { userId: persons[1].id },
      ...text('hello'),
    } as WireInput<'message.send'>);
    const done = new Map(operations.map(([, name]) => [name, 0]));

    for (let count = 0; count < OPERATIONS; count++) {
      const device = dice.pick(staying);
      const list = await device.person.call('conversation.index', { limit: 50 });
      const [, name, chooser] = choose(dice);
      const conversation = list.length > 0 ? dice.pick(list) : undefined;
      if (conversation) {
        const step = await chooser({ ...everybody, dice, device, conversation, groups, departed });
        // Now and then the answer is lost on its way, and what was asked is asked again.
        const times = step === nothing ? 0 : dice.chance(0.1) ? 2 : 1;
        for (let time = 0; time < times; time++) {
          await step().then(() => done.set(name, done.get(name)! + 1), tolerate);
        }
      }
      staying = devices.filter(({ person }) => !departed.has(person));
      // One goes, another comes, so that half of them are away.
      if (dice.chance(0.3)) dice.pick(staying).go();
      if (dice.chance(0.3)) await dice.pick(staying).come();
    }

    await departed.assertGone(devices, staying[0].person);
    for (const device of staying) {
      const { head } = await device.person.call('sync.pull', { after: 0, limit: 1 });
      await device.reach(head);
      device.go();
    }
    for (const [index, person] of persons.entries()) {
      if (departed.has(person)) continue;
      const [one, other] = devices.slice(index * 2, index * 2 + 2).map(device => device.state);
      for (const state of [one, other]) departed.assertRequests(state);
      const seen = stateOfDevice(one);
      assert.deepEqual(stateOfDevice(other), seen, `the devices of ${person.id}`);
      assert.deepEqual(seen, await stateOfServer(person, one), `a device of ${person.id}, and the server`);
    }
    if (OPERATIONS < 2000) return;
    for (const [name, times] of done) assert.ok(times > 0, `nobody could ${name}`);
    for (const [type, { live, later }] of Object.entries(arrivals)) {
      assert.ok(live > 0 && later > 0, `${type}: ${live} live, ${later} after being away`);
    }
  });
});

/** People try what they may not do; the service has to say no, not to fail. */
function tolerate(error: unknown): void {
  if (!(error instanceof Refusal) || error.failure.code === 'INTERNAL') throw error;
}
