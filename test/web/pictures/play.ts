import { randomUUID } from 'node:crypto';
import { haveBefriended } from '../../support/friends';
import { groupOf, makeAdmin } from '../../support/group';
import { announce, notice, tenant } from '../../support/notice';
import { person, text, type Person } from '../../support/person';
import { videoWebm, voiceWebm } from '../../support/samples';
import { upload } from '../../support/upload';
import { portrait, scenery } from './scenery';
import type { Story } from './story';

/** The people of a story, and the ids of their conversations. */
export interface Cast {
  readonly story: Story;
  readonly me: Person;
  readonly friend: Person;
  readonly others: readonly Person[];
  /** Nobody's friend. */
  readonly stranger: Person;
  /** Who has blocked the user. */
  readonly cross: Person;
  readonly single: string;
  /** The user's own. */
  readonly group: string;
  /** In which only others may write. */
  readonly quiet: string;
  /** With a message of each type. */
  readonly media: string;
  readonly notices: string;
}

type Named = (name: string, account?: string) => Promise<Person>;

/** Makes the people of a story, in a tenant of its own, and has them write. An admin has to be admitted. */
export async function play(story: Story): Promise<Cast> {
  const app = tenant();
  const named: Named = (name, account) => person({ app, name, ...(account && { account }) });
  const [me, friend] = await Promise.all([story.me, story.friend].map((name, n) => named(name, story.accounts[n])));
  const others = await Promise.all(story.others.map(name => named(name)));
  await haveBefriended(me, friend, ...others);
  await dress(story, me, friend, others);
  const media = await sendMedia(story, me, others[4]);
  for (const [index, words] of story.short.entries()) await write(others[index], { to: { userId: me.id } }, words);
  const [sent] = await announce(notice({ app, to: { userIds: [me.id] }, ...story.notice }));
  const quiet = await groupOf([others[3], me, others[1]], { name: story.longGroup });
  await others[3].call('group.update', { groupId: quiet.id, muteAll: true });
  const group = await gather(story, named, me, others);
  const single = await talk(story, me, friend);
  const { stranger, cross } = await meet(story, named, me);
  return {
    story,
    me,
    friend,
    others,
    stranger,
    cross,
    single,
    group,
    quiet: quiet.id,
    media,
    notices: sent.conversationId,
  };
}

/** Gives them pictures, and the user a profile. */
async function dress(story: Story, me: Person, friend: Person, others: readonly Person[]): Promise<void> {
  const faces = [
    [me, '#f3c98b', '#f2cfb0', '#3b2a20'],
    [friend, '#9cc3b4', '#e9bd98', '#8a5a2b'],
    [others[1], '#c6b4d8', '#b57f56', '#1f1a18'],
  ] as const;
  for (const [who, ...colours] of faces) {
    const { url } = await upload(who, { content: await portrait(colours), name: 'me.jpg' });
    await who.call('user.update', { avatar: url });
  }
  for (const who of [me, friend]) await who.call('user.update', { signature: story.about, gender: 'female' });
  await me.call('friend.update', { userId: others[5].id, alias: story.others[5].slice(0, 3) });
}

/** One of each type, with all that is shown of a message. Resolves with the conversation's id. */
async function sendMedia(story: Story, me: Person, other: Person): Promise<string> {
  const conversationId = await write(other, { to: { userId: me.id } }, story.single[0][1]);
  const send = async (from: Person, type: string, content: object): Promise<number> =>
    (await from.call('message.send', { conversationId, clientMsgId: randomUUID(), type, content } as never)).seq;
  const attach = async (from: Person, content: Buffer | string, name: string): Promise<number> => {
    const { id: mediaId, kind } = await upload(from, { content, name });
    return send(from, kind, { mediaId });
  };
  const first = await attach(other, await scenery('morning'), 'morning.jpg');
  const second = await attach(me, await scenery('evening', 600, 900), 'evening.jpg');
  await attach(other, videoWebm(), 'film.webm');
  const voice = await attach(other, voiceWebm(), 'voice.webm');
  await attach(me, '%PDF-1.4 a few words', story.file);
  await send(other, 'location', { latitude: 47.7661, longitude: 9.1698, ...story.place });
  await send(me, 'custom', { anything: 1 });
  const answer = { ...text(story.single[1][1]), replyTo: first };
  const { seq } = await me.call('message.send', { conversationId, ...answer });
  await other.call('message.react', { conversationId, seq, reaction: '❤️', reacted: true });
  await me.call('message.react', { conversationId, seq: first, reaction: '👍', reacted: true });
  const taken = (await other.call('message.send', { conversationId, ...text(story.short[0]) })).seq;
  await other.call('message.recall', { conversationId, seq: taken });
  const edited = (await other.call('message.send', { conversationId, ...text(story.single[2][1]) })).seq;
  await other.call('message.edit', { conversationId, seq: edited, content: { text: `${story.single[2][1]} ✨` } });
  for (const each of [first, seq]) await me.call('message.pin', { conversationId, seq: each, pinned: true });
  for (const each of [second, voice]) await me.call('message.star', { conversationId, seq: each, starred: true });
  const clientMsgIds = [randomUUID()];
  const seqs = [1, first, seq];
  await me.call('message.forward', {
    from: { conversationId, seqs },
    conversationId,
    merged: true,
    clientMsgIds,
  });
  return conversationId;
}

/** A busy group of the user's own, with requests, roles and somebody who was removed. */
async function gather(story: Story, named: Named, me: Person, others: readonly Person[]): Promise<string> {
  const crowd = await Promise.all(story.crowd.map(name => named(name)));
  const { id: conversationId } = await groupOf([me, ...others.slice(0, 4), ...crowd], { name: story.group });
  const groupId = conversationId;
  const { url: avatar } = await upload(me, { content: await scenery('morning', 400, 400), name: 'group.jpg' });
  await me.call('group.update', { groupId, avatar, announcement: story.announcement, joinPolicy: 'approval' });
  await makeAdmin(groupId, others[0]);
  await me.call('member.update', { groupId, userId: crowd[0].id, mutedUntil: inHours(20) });
  await me.call('member.remove', { groupId, userIds: [crowd[2].id] });
  const [joining, words] = story.asking[2];
  await (await named(joining)).call('group.join', { groupId, words });
  for (const [who, said] of story.talk) await write([me, ...others][who], { conversationId }, said);
  await me.call('conversation.update', { conversationId, pinned: true });
  return groupId;
}

async function talk(story: Story, me: Person, friend: Person): Promise<string> {
  let single = '';
  for (const [who, words] of story.single) {
    single = await write([me, friend][who], { to: { userId: [friend, me][who].id } }, words);
  }
  await friend.call('conversation.read', { conversationId: single, seq: story.single.length });
  return single;
}

/** Those whom the user does not know well. */
async function meet(story: Story, named: Named, me: Person): Promise<Pick<Cast, 'stranger' | 'cross'>> {
  for (const [name, greeting] of story.asking.slice(0, 2)) {
    await (await named(name)).call('friend.ask', { userId: me.id, greeting });
  }
  const [stranger, cross, blocked] = [
    await named(story.stranger),
    await named(story.friend),
    await named(story.blocked),
  ];
  await me.call('friend.ask', { userId: (await named(story.asking[1][0])).id });
  await cross.call('block.create', { userId: me.id });
  await me.call('block.create', { userId: blocked.id });
  return { stranger, cross };
}

async function write(who: Person, where: object, words: string): Promise<string> {
  const message = { ...where, ...text(words) } as Parameters<Person['call']>[1];
  return ((await who.call('message.send', message as never)) as { conversationId: string }).conversationId;
}

const inHours = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();
