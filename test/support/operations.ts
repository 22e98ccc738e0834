import type { Dice } from '../../bench/fuzz/dice';
import {
  call,
  nothing,
  someone,
  some,
  place,
  seqIn,
  message,
  aGroup,
  words,
  draft,
  mentions,
  forward,
  setting,
  groupChange,
  memberChange,
  profile,
  withFriend,
  answerFriend,
  unblock,
  makeGroup,
  asOwner,
  liftBan,
  answerRequest,
  notice,
  type Chooser,
  type World,
} from './choosers';
import { text } from './person';
import { Refusal } from './refusal';

/** What people do, and how often. */
export const operations: readonly (readonly [weight: number, name: string, choose: Chooser])[] = [
  [24, 'send', call('message.send', world => ({ ...place(world), ...draft(world) }))],
  [8, 'write to', call('message.send', world => ({ to: { userId: someone(world) }, ...text(words(world)) }))],
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
  [0.4, 'delete account', ({ leave }) => leave ?? nothing],
];

const total = operations.reduce((sum, [weight]) => sum + weight, 0);

/** One of them, as often as its weight says. */
export function choose(dice: Dice) {
  let left = dice.roll() * total;
  return operations.find(([weight]) => (left -= weight) < 0)!;
}

/** One of the people does one of them, in one of the conversations that they have, if that may be. */
export async function operate(world: Omit<World, 'device' | 'conversation'>): Promise<void> {
  const { dice } = world;
  const device = dice.pick(world.devices);
  const list = await device.person.call('conversation.index', { limit: 50 });
  if (list.length === 0) return;
  const [, , chooser] = choose(dice);
  const step = await chooser({ ...world, device, conversation: dice.pick(list) });
  if (step !== nothing) await step().catch(tolerate);
}

/** People try what they may not do; the service has to say no, not to fail. */
export function tolerate(error: unknown): void {
  if (!(error instanceof Refusal) || error.failure.code === 'INTERNAL') throw error;
}
