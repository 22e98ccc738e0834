import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { newSecretId } from '../app/lib/database/ids';
import type { ErrorCode } from '../app/schema/errors';
import { callNames, calls, eventOf, type Call, type CallName } from '../app/schema/calls';
import type { Client } from './support/client';
import { groupOf, idsOf } from './support/group';
import { ask, person, placed, text, type Person } from './support/person';
import { Refusal } from './support/refusal';
import { app, mm } from './support/service';
import { png, upload } from './support/upload';

/*
 * Every call, asked for by everybody: what a person is to the group of the scene, or to the user `target`, decides.
 * `blocked` has a single conversation with the target, who has blocked them; the others meet in the group.
 */
const roles = ['stranger', 'blocked', 'member', 'muted', 'admin', 'owner', 'removed', 'foreigner'] as const;
type Role = (typeof roles)[number];
type Outcome = 'ok' | ErrorCode;
type Expected = Record<Role, Outcome>;

interface Scene {
  readonly people: Readonly<Record<Role | 'target', Person>>;
  readonly groupId: string;
  readonly singleId: string;
  /** Where the target's message is in the single conversation; that of `blocked` is the next. */
  readonly singleSeq: number;
}

interface Case {
  readonly input: (scene: Scene, role: Role) => Record<string, unknown>;
  readonly expected: Expected;
  /** What has to be there before. */
  readonly before?: (scene: Scene, role: Role) => Promise<unknown>;
}

const expect = (outcome: Outcome, others: Partial<Expected> = {}): Expected =>
  ({ ...Object.fromEntries(roles.map(role => [role, outcome])), ...others }) as Expected;

const outside = { stranger: 'NOT_A_MEMBER', removed: 'NOT_A_MEMBER', foreigner: 'CONVERSATION_NOT_FOUND' } as const;
/** Those who are in the conversation. */
const inside = (others: Partial<Expected> = {}) => expect('ok', { ...outside, ...others });
/** Those who may write. */
const voice = (others: Partial<Expected> = {}) => inside({ muted: 'MUTED', blocked: 'BLOCKED', ...others });
/** What happens in the group alone, where `blocked` is a stranger. */
const inGroup = (others: Partial<Expected> = {}) => inside({ blocked: 'NOT_A_MEMBER', ...others });
const admins = inGroup({ member: 'FORBIDDEN', muted: 'FORBIDDEN' });
const owner = inGroup({ member: 'FORBIDDEN', muted: 'FORBIDDEN', admin: 'FORBIDDEN' });
/** What is asked of a user of the tenant. */
const toUser = (others: Partial<Expected> = {}) => expect('ok', { foreigner: 'USER_NOT_FOUND', ...others });

const none = () => ({});
const target = ({ people }: Scene) => ({ userId: people.target.id });
const group = ({ groupId }: Scene) => ({ groupId });
const member = (scene: Scene) => ({ ...group(scene), ...target(scene) });
const conversation = ({ groupId, singleId }: Scene, role: Role) => ({
  conversationId: role === 'blocked' ? singleId : groupId,
});
/** The first message of the group is the target's. */
const theirs = (scene: Scene, role: Role) => ({
  ...conversation(scene, role),
  seq: role === 'blocked' ? scene.singleSeq : 1,
});
/** Those of the others follow in the order of `writers`. */
const writers = ['member', 'muted', 'admin', 'owner', 'removed'] as const;
const own = (scene: Scene, role: Role) => {
  const index = writers.findIndex(each => each === role);
  return { ...conversation(scene, role), seq: role === 'blocked' ? scene.singleSeq + 1 : Math.max(index, 0) + 2 };
};
const stranger = ({ people }: Scene) => ({ userIds: [people.stranger.id] });

const cases: Record<CallName, Case> = {
  'auth.register': {
    input: () => ({ account: `p${randomUUID()}`, password: 'long enough', name: 'New' }),
    expected: expect('ok'),
  },
  'auth.login': { input: () => ({ account: 'nobody', password: 'x' }), expected: expect('WRONG_CREDENTIALS') },
  'auth.refresh': { input: () => ({ refreshToken: 'x' }), expected: expect('UNAUTHENTICATED') },
  'auth.logout': { input: none, expected: expect('ok') },
  'auth.password': {
    input: () => ({ oldPassword: 'correct horse battery', newPassword: 'correct horse battery' }),
    expected: expect('ok'),
  },
  'session.index': { input: none, expected: expect('ok') },
  'session.remove': { input: () => ({ deviceId: 'a-device-of-nobody' }), expected: expect('ok') },
  'user.me': { input: none, expected: expect('ok') },
  'user.update': { input: () => ({ signature: 'hi' }), expected: expect('ok') },
  'user.destroy': { input: () => ({ password: 'correct horse battery' }), expected: expect('ok') },
  'user.search': { input: () => ({ q: 'x' }), expected: expect('ok') },
  'user.batch': { input: ({ people }) => ({ userIds: [people.target.id] }), expected: expect('ok') },
  'user.show': { input: target, expected: toUser() },
  'friend.index': { input: none, expected: expect('ok') },
  'friend.update': { input: scene => ({ ...target(scene), alias: 'T' }), expected: expect('NOT_FRIENDS') },
  'friend.remove': { input: target, expected: toUser() },
  'friend.requests': { input: none, expected: expect('ok') },
  'friend.ask': { input: target, expected: toUser({ blocked: 'BLOCKED' }) },
  'friend.answer': { input: scene => ({ ...target(scene), answer: 'accept' }), expected: expect('REQUEST_NOT_FOUND') },
  'block.index': { input: none, expected: expect('ok') },
  'block.create': { input: target, expected: toUser() },
  'block.remove': { input: target, expected: toUser() },
  'conversation.index': { input: none, expected: expect('ok') },
  'conversation.show': { input: conversation, expected: inside() },
  'conversation.update': {
    input: (scene, role) => ({ ...conversation(scene, role), pinned: true }),
    expected: inside(),
  },
  'conversation.read': { input: theirs, expected: inside() },
  'conversation.clear': { input: conversation, expected: inside() },
  'conversation.remove': { input: conversation, expected: inside() },
  'conversation.readAll': { input: none, expected: expect('ok') },
  'conversation.unread': { input: none, expected: expect('ok') },
  'conversation.typing': {
    input: (scene, role) => ({ ...conversation(scene, role), typing: true }),
    expected: voice(),
  },
  'message.send': { input: (scene, role) => ({ ...conversation(scene, role), ...text('hi') }), expected: voice() },
  'message.create': { input: (scene, role) => ({ ...conversation(scene, role), ...text('hi') }), expected: voice() },
  'message.index': { input: conversation, expected: inside() },
  'message.batch': {
    input: (scene, role) => ({ ...conversation(scene, role), seqs: [theirs(scene, role).seq] }),
    expected: inside(),
  },
  'message.edit': { input: (scene, role) => ({ ...own(scene, role), content: { text: 'edited' } }), expected: voice() },
  'message.recall': {
    input: theirs,
    expected: inside({ blocked: 'FORBIDDEN', member: 'FORBIDDEN', muted: 'FORBIDDEN' }),
  },
  'message.remove': {
    input: (scene, role) => ({ ...conversation(scene, role), seqs: [theirs(scene, role).seq], for: 'me' }),
    expected: inside(),
  },
  'message.react': {
    input: (scene, role) => ({ ...theirs(scene, role), reaction: '👍', reacted: true }),
    expected: voice(),
  },
  'message.receipts': { input: theirs, expected: inside() },
  'message.readers': { input: theirs, expected: inside() },
  'message.forward': {
    input: (scene, role) => {
      const { seq, ...rest } = theirs(scene, role);
      const from = { ...rest, seqs: [seq] };
      return { from, ...conversation(scene, role), clientMsgIds: [randomUUID()] };
    },
    expected: voice(),
  },
  'message.pin': {
    input: (scene, role) => ({ ...theirs(scene, role), pinned: true }),
    expected: voice({ member: 'FORBIDDEN', muted: 'FORBIDDEN' }),
  },
  'message.pins': { input: conversation, expected: inside() },
  'message.star': { input: (scene, role) => ({ ...theirs(scene, role), starred: true }), expected: inside() },
  'message.stars': { input: none, expected: expect('ok') },
  'message.search': { input: (scene, role) => ({ ...conversation(scene, role), q: 'hello' }), expected: inside() },
  'group.create': {
    input: ({ people }) => ({ name: 'Other', memberIds: [people.target.id] }),
    expected: toUser({ blocked: 'BLOCKED' }),
  },
  'group.show': { input: group, expected: inGroup() },
  'group.update': { input: scene => ({ ...group(scene), announcement: 'hear' }), expected: admins },
  'group.transfer': { input: member, expected: owner },
  'group.dissolve': { input: group, expected: owner },
  'group.join': {
    input: group,
    expected: expect('ok', {
      stranger: 'FORBIDDEN',
      blocked: 'FORBIDDEN',
      removed: 'BANNED',
      foreigner: 'CONVERSATION_NOT_FOUND',
    }),
  },
  'group.leave': { input: group, expected: inGroup() },
  'member.index': { input: group, expected: inGroup() },
  'member.show': { input: member, expected: inGroup() },
  'member.add': {
    input: scene => ({ ...group(scene), ...stranger(scene) }),
    expected: { ...admins, foreigner: 'USER_NOT_FOUND' },
  },
  'member.remove': { input: scene => ({ ...group(scene), userIds: [scene.people.target.id] }), expected: admins },
  'member.bans': { input: group, expected: admins },
  'member.unban': { input: scene => ({ ...group(scene), userId: scene.people.removed.id }), expected: admins },
  'member.update': { input: scene => ({ ...member(scene), mutedUntil: '2099-01-01T00:00:00.000Z' }), expected: admins },
  'member.invite': {
    input: scene => ({ ...group(scene), ...stranger(scene) }),
    expected: { ...admins, foreigner: 'USER_NOT_FOUND' },
  },
  'member.requests': { input: group, expected: admins },
  'member.answer': {
    before: ({ people, groupId }) => people.owner.call('member.invite', { groupId, userIds: [people.stranger.id] }),
    input: scene => ({ ...group(scene), userId: scene.people.stranger.id, answer: 'accept' }),
    expected: {
      ...inGroup({ member: 'FORBIDDEN', muted: 'FORBIDDEN' }),
      stranger: 'ok',
      admin: 'REQUEST_NOT_FOUND',
      owner: 'REQUEST_NOT_FOUND',
    },
  },
  'member.invitations': { input: none, expected: expect('ok') },
  'presence.watch': {
    input: ({ people }) => ({ userIds: [people.target.id] }),
    expected: expect('FORBIDDEN', { member: 'ok', muted: 'ok', admin: 'ok', owner: 'ok' }),
  },
  'presence.unwatch': { input: ({ people }) => ({ userIds: [people.target.id] }), expected: expect('ok') },
  'presence.show': {
    input: ({ people }) => ({ userIds: [people.target.id] }),
    expected: expect('FORBIDDEN', { member: 'ok', muted: 'ok', admin: 'ok', owner: 'ok' }),
  },
  'presence.index': { input: none, expected: expect('ok') },
  'presence.count': { input: none, expected: expect('ok') },
  'notice.create': {
    input: () => ({ to: 'all', clientMsgId: randomUUID(), title: 'News', text: 'new' }),
    expected: expect('UNAUTHENTICATED'),
  },
  'media.create': { input: none, expected: expect('ok') },
  'upload.show': { input: () => ({ uploadId: newSecretId() }), expected: expect('NOT_FOUND') },
  'sync.pull': { input: () => ({ after: 0 }), expected: expect('ok') },
  'limits.show': { input: none, expected: expect('ok') },
  'sync.ack': { input: () => ({ syncSeq: 0 }), expected: expect('ok') },
};

const people = {} as Record<Role | 'target', Person>;
const clients = {} as Record<Role, Client>;
let scene: Scene | undefined;

async function build(): Promise<Scene> {
  // Earlier scenes have brought them into groups.
  for (const outsider of [people.stranger, people.blocked, people.removed]) {
    for (const { id, type } of await outsider.call('conversation.index', { limit: 200 })) {
      if (type === 'group') await outsider.call('group.leave', { groupId: id });
    }
  }
  const { target: victim, member: plain, muted, admin, owner: founder, removed, blocked } = people;
  const { id: groupId } = await groupOf([founder, victim, plain, muted, admin, removed]);
  const write = (who: Person, conversationId: string) =>
    who.ask('message.create', { id: conversationId, body: text('hello') });
  for (const each of [victim, plain, muted, admin, founder, removed]) await write(each, groupId);
  const mutedUntil = '2099-01-01T00:00:00.000Z';
  await founder.call('member.update', { groupId, userId: admin.id, role: 'admin' });
  await founder.call('member.update', { groupId, userId: muted.id, mutedUntil });
  await founder.call('member.remove', { groupId, userIds: [removed.id] });
  await victim.call('block.remove', { userId: blocked.id });
  await blocked.call('block.remove', { userId: victim.id });
  const sent = await victim.ask('message.send', { body: { to: { userId: blocked.id }, ...text('hello') } });
  await write(blocked, sent.conversationId);
  await victim.call('block.create', { userId: blocked.id });
  return { people, groupId, singleId: sent.conversationId, singleSeq: sent.seq };
}

type Transport = 'REST' | 'event';

async function attempt(name: CallName, role: Role, transport: Transport, input: Record<string, unknown>) {
  if ((calls[name] as Call).access === 'open') return ask(name, placed(name, input));
  // Somebody else where the call ends all sessions, and a device of its own where it ends one.
  const { [role]: one } = people;
  const who = ['auth.password', 'user.destroy'].includes(name)
    ? await person()
    : name === 'auth.logout'
      ? await one.login()
      : one;
  const client = () => (who === one ? clients[role] : who.connect());
  if (transport === 'event') return (await client()).acked(eventOf(name)!, input);
  return name === 'media.create' ? upload(who, { content: png }) : who.ask(name, placed(name, input));
}

function outcomeOf(...args: Parameters<typeof attempt>): Promise<Outcome> {
  return attempt(...args).then(
    () => 'ok',
    (error: unknown) => {
      if (error instanceof Refusal) return error.failure.code;
      throw error;
    },
  );
}

describe('every call', () => {
  before(async () => {
    for (const role of [...roles, 'target'] as const) {
      people[role] = await person({ name: role, ...(role === 'foreigner' && { app: 'elsewhere' }) });
    }
  });

  beforeEach(async () => {
    mm(app.config.im, 'adminToken', 'an-admin-token-that-nobody-here-knows');
    for (const role of roles) clients[role] = await people[role].connect();
    scene = undefined;
  });

  it('is in the table', () => {
    assert.deepEqual(Object.keys(cases).sort(), [...callNames].sort());
    assert.equal(new Set(idsOf(Object.values(people))).size, roles.length + 1);
  });

  for (const name of callNames) {
    const { method }: Call = calls[name];
    const transports: Transport[] = [
      ...(method ? ['REST' as const] : []),
      ...(eventOf(name) ? ['event' as const] : []),
    ];
    for (const transport of transports) {
      it(`${name} by ${transport} answers each as it should`, async () => {
        const { input, expected, before: prepare } = cases[name];
        const answers: Partial<Expected> = {};
        for (const role of roles) {
          scene ??= await build();
          await prepare?.(scene, role);
          const outcome = await outcomeOf(name, role, transport, input(scene, role));
          answers[role] = outcome;
          // What was done may not be there for the next one to be done again.
          if (outcome === 'ok' && method !== 'get') scene = undefined;
        }
        assert.deepEqual(answers, expected);
      });
    }
  }
});
