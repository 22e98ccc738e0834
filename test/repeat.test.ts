import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { callNames, calls, eventOf, type CallName } from '../app/schema/calls';
import type { ErrorCode } from '../app/schema/errors';
import type { GroupRequest } from '../app/schema/group';
import type { FriendRequest } from '../app/schema/person';
import { groupOf } from './support/group';
import { ask, people, placed, text, type Person } from './support/person';
import type { Entry } from './support/replica';
import { Refusal } from './support/refusal';
import { app, mm, select } from './support/service';
import { streamOf } from './support/stream';
import { png, upload } from './support/upload';

/*
 * Every call, sent twice by Ann as a client does that got no answer: the second answer is the first one, and nothing more is in
 * anybody's stream. Where it is not so, the table says what the second answer is, and why a client can live with it.
 */
interface Scene {
  readonly ann: Person;
  readonly bob: Person;
  readonly cat: Person;
  /** Of Ann and Bob, Ann's; Cat is not in it. Its first message is Ann's, its second Bob's. */
  readonly groupId: string;
  /** The same in the conversation of the two. */
  readonly singleId: string;
}
type Input = Record<string, unknown>;

const ADMIN = 'the-admin-token-of-the-repeat-test';
const none = () => ({});
const bob = ({ bob: { id } }: Scene) => ({ userId: id });
const cat = ({ cat: { id } }: Scene) => ({ userId: id });
const cats = ({ cat: { id } }: Scene) => ({ userIds: [id] });
const group = ({ groupId }: Scene) => ({ groupId });
const single = ({ singleId }: Scene) => ({ conversationId: singleId });
const own = (scene: Scene) => ({ ...single(scene), seq: 1 });

const inputs: Record<CallName, (scene: Scene) => Input | Promise<Input>> = {
  'auth.register': () => ({ account: `p${randomUUID()}`, password: 'long enough', name: 'New' }),
  'auth.login': async () => {
    const given = { account: `p${randomUUID()}`, password: 'long enough' };
    await ask('auth.register', { body: { ...given, name: 'New' } });
    return given;
  },
  'auth.refresh': ({ ann: { session, deviceId } }) => ({ refreshToken: session.refreshToken, deviceId }),
  'auth.logout': none,
  'auth.password': () => ({ oldPassword: 'correct horse battery', newPassword: 'battery horse correct' }),
  'session.index': none,
  'session.remove': async ({ ann }) => ({ deviceId: (await ann.login()).deviceId }),
  'user.me': none,
  'user.update': () => ({ name: 'Ann II', signature: 'hi' }),
  'user.destroy': () => ({ password: 'correct horse battery' }),
  'user.search': () => ({ q: 'nobody of that name' }),
  'user.batch': cats,
  'user.show': cat,
  'friend.index': none,
  'friend.update': async scene => {
    await befriend(scene);
    return { ...bob(scene), alias: 'B' };
  },
  'friend.remove': async scene => {
    await befriend(scene);
    return bob(scene);
  },
  'friend.requests': none,
  'friend.ask': scene => ({ ...cat(scene), greeting: 'hello' }),
  'friend.answer': async scene => {
    await scene.bob.call('friend.ask', { userId: scene.ann.id });
    return { ...bob(scene), answer: 'accept' };
  },
  'block.index': none,
  'block.create': bob,
  'block.remove': async scene => {
    await scene.ann.call('block.create', bob(scene));
    return bob(scene);
  },
  'conversation.index': none,
  'conversation.show': single,
  'conversation.update': scene => ({
    ...single(scene),
    pinned: true,
    notify: 'none',
    draft: 'well',
    markedUnread: true,
  }),
  'conversation.read': scene => ({ ...single(scene), seq: 2 }),
  'conversation.clear': scene => ({ ...single(scene), seq: 2 }),
  'conversation.remove': scene => ({ ...single(scene), seq: 2 }),
  'conversation.readAll': none,
  'conversation.unread': none,
  'conversation.typing': scene => ({ ...single(scene), typing: true }),
  'message.send': scene => ({ to: bob(scene), ...text('once') }),
  'message.create': scene => ({ ...single(scene), ...text('once') }),
  'message.index': single,
  'message.batch': scene => ({ ...single(scene), seqs: [1, 2] }),
  'message.edit': scene => ({ ...own(scene), content: { text: 'edited' } }),
  'message.recall': own,
  'message.remove': scene => ({ ...single(scene), seqs: [1], for: 'both' }),
  'message.react': scene => ({ ...own(scene), reaction: '👍', reacted: true }),
  'message.receipts': own,
  'message.readers': own,
  'message.forward': scene => ({
    from: { ...single(scene), seqs: [1] },
    conversationId: scene.groupId,
    clientMsgIds: [randomUUID()],
  }),
  'message.pin': scene => ({ ...own(scene), pinned: true }),
  'message.pins': single,
  'message.star': scene => ({ ...own(scene), starred: true }),
  'message.stars': none,
  'message.search': scene => ({ ...single(scene), q: 'hello' }),
  'group.create': scene => ({ clientGroupId: randomUUID(), name: 'New', memberIds: [scene.bob.id] }),
  'group.show': group,
  'group.update': scene => ({ ...group(scene), name: 'Renamed', announcement: 'hear', muteAll: true }),
  'group.transfer': scene => ({ ...group(scene), ...bob(scene) }),
  'group.dissolve': group,
  'group.join': async scene => {
    const { id } = await groupOf([scene.bob, scene.cat], { joinPolicy: 'open' });
    return { groupId: id };
  },
  'group.leave': group,
  'member.index': group,
  'member.show': scene => ({ ...group(scene), ...bob(scene) }),
  'member.add': scene => ({ ...group(scene), ...cats(scene) }),
  'member.remove': scene => ({ ...group(scene), userIds: [scene.bob.id] }),
  'member.bans': group,
  'member.unban': async scene => {
    await scene.ann.call('member.remove', { ...group(scene), userIds: [scene.bob.id] });
    return { ...group(scene), ...bob(scene) };
  },
  'member.update': scene => ({ ...group(scene), ...bob(scene), role: 'admin' }),
  'member.invite': scene => ({ ...group(scene), ...cats(scene), words: 'come' }),
  'member.requests': group,
  'member.answer': async scene => {
    await scene.ann.call('group.update', { ...group(scene), joinPolicy: 'approval' });
    await scene.cat.call('group.join', group(scene));
    return { ...group(scene), ...cat(scene), answer: 'accept' };
  },
  'member.invitations': none,
  'presence.watch': scene => ({ userIds: [scene.bob.id] }),
  'presence.unwatch': scene => ({ userIds: [scene.bob.id] }),
  'presence.show': scene => ({ userIds: [scene.bob.id] }),
  'presence.index': none,
  'presence.count': none,
  'notice.create': scene => ({
    to: { userIds: [scene.bob.id] },
    clientMsgId: randomUUID(),
    title: 'Hear',
    text: 'this',
  }),
  'media.create': none,
  'upload.show': async ({ ann }) => ({ uploadId: (await upload(ann, { content: png })).id }),
  'sync.pull': () => ({ after: 0 }),
  'sync.ack': () => ({ syncSeq: 1 }),
  'limits.show': none,
};

/** What the second answer is where it is not the first one: a code that says that it was done, or `another`. */
const exceptions: Partial<Record<CallName, readonly [second: ErrorCode | 'another', reason: string]>> = {
  'auth.register': ['ACCOUNT_TAKEN', 'by somebody else, or by oneself: logging in tells'],
  'auth.login': ['another', 'a session of its own; the first one is ended when the device has named itself'],
  'auth.refresh': ['another', 'new tokens of the same session; either of the answers is good'],
  'auth.logout': ['SESSION_CLOSED', 'as was asked'],
  'user.destroy': ['SESSION_CLOSED', 'as was asked'],
  'auth.password': ['SESSION_CLOSED', 'the tokens of before have ended: log in with the new password'],
  'friend.answer': ['REQUEST_NOT_FOUND', 'it is answered, as an entry says'],
  'message.remove': ['MESSAGE_NOT_FOUND', 'it is gone for both, as was asked'],
  'group.dissolve': ['CONVERSATION_NOT_FOUND', 'as was asked'],
  'group.leave': ['NOT_A_MEMBER', 'as was asked'],
  'group.transfer': ['FORBIDDEN', 'somebody else is the owner, as an entry says'],
  'member.answer': ['REQUEST_NOT_FOUND', 'it is answered, as an entry says'],
  'media.create': ['another', 'a file of its own: the first one is used by nobody, and goes'],
};

/** Asked anew, the same request lasts longer: its entry comes again, in the place of the one before. */
const RENEWED: readonly CallName[] = ['friend.ask', 'member.invite'];

async function befriend({ ann, bob: other }: Scene): Promise<void> {
  await ann.call('friend.ask', { userId: other.id });
  await other.call('friend.ask', { userId: ann.id });
}

async function build(): Promise<Scene> {
  const [ann, other, third] = await people(3);
  const { id: groupId } = await groupOf([ann, other]);
  const { conversationId: singleId } = await ann.ask('message.send', {
    body: { to: { userId: other.id }, ...text('hello') },
  });
  await other.ask('message.create', { id: singleId, body: text('hello, Ann') });
  return { ann, bob: other, cat: third, groupId, singleId };
}

async function attempt(name: CallName, { ann }: Scene, input: Input): Promise<unknown> {
  if (name === 'media.create') return upload(ann, { content: png });
  const isEventAlone = !('method' in calls[name]);
  if (isEventAlone) return (await ann.connect()).acked(eventOf(name)!, input);
  const headers = name === 'notice.create' ? { authorization: `Bearer ${ADMIN}` } : undefined;
  return ann.ask(name, { ...placed(name, structuredClone(input)), headers });
}

/** The answer, or the code of a refusal. */
function answerTo(...args: Parameters<typeof attempt>): Promise<unknown> {
  return attempt(...args).catch((error: unknown) => {
    if (error instanceof Refusal) return error.failure.code;
    throw error;
  });
}

function requestsOf(entry: Entry): (FriendRequest | GroupRequest)[] {
  if ('requests' in entry.data) return entry.data.requests;
  return 'request' in entry.data ? [entry.data.request] : [];
}

const datesOf = ({ createdAt, expiresAt }: FriendRequest | GroupRequest) => ({ createdAt, expiresAt });

/** Where everybody's stream stands. */
async function heads({ ann, bob: other, cat: third }: Scene) {
  const ids = [ann.id, other.id, third.id];
  return select('SELECT user_id, last_seq FROM user_inbox WHERE user_id IN (:ids) ORDER BY user_id', { ids });
}

describe('every call, sent twice', () => {
  beforeEach(() => mm(app.config.im, 'adminToken', ADMIN));

  for (const name of RENEWED) {
    it(`${name} makes the request that is there last longer`, async () => {
      const scene = await build();
      const input = await inputs[name](scene);
      const requests = async () => (await streamOf(scene.cat)).flatMap(requestsOf);
      await attempt(name, scene, input);
      const [first] = await requests();
      await attempt(name, scene, input);
      const [, second, ...more] = await requests();
      assert.deepEqual([{ ...second, ...datesOf(first) }, more], [first, []]);
    });
  }

  for (const name of callNames.filter(each => !RENEWED.includes(each))) {
    const [expected, reason] = exceptions[name] ?? [];
    it(`${name} ${expected ? `is answered with ${expected}: ${reason}` : 'is answered with the same'}`, async () => {
      const scene = await build();
      const input = await inputs[name](scene);
      const first = await attempt(name, scene, input);
      const before = await heads(scene);
      const second = await answerTo(name, scene, input);
      if (expected === 'another') assert.equal(typeof second, 'object');
      else assert.deepEqual(second, expected ?? first);
      assert.deepEqual(await heads(scene), before, 'nothing more in any stream');
    });
  }
});
