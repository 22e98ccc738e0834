import { hash } from 'bcrypt';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Session } from '../../app/schema/user';
import { at, FirstSystem } from '../support/first_system';
import { ask, Person } from '../support/person';
import { messagesOf } from '../support/replica';
import { limitUnanswered } from '../support/unanswered';

const MESSAGES = Number(process.env.IMPORT_MESSAGES ?? 2000);
const password = 'correct horse battery';

describe('a database of the first system of this kind', () => {
  let old: FirstSystem;
  let missed: readonly { readonly senderId: string }[] = [];
  const users = Array.from({ length: 12 }, () => ({
    id: randomUUID(),
    phone: `1${randomUUID().replace(/\D/g, '').slice(0, 10)}`,
  }));
  const group = randomUUID();
  const [ann, bob, ...others] = users;
  const logIn = async (user: { readonly phone: string }) => {
    const session: Session = await ask('auth.login', { body: { account: user.phone, password } });
    return new Person(session, { account: user.phone, password });
  };

  before(async function () {
    this.timeout(120_000);
    old = await FirstSystem.create();
    const hashed = await hash(password, 7);
    await old.insert(
      'user',
      users.map(({ id: key, phone }, index) => ({
        id: key,
        phone,
        name: `用户 ${index}`,
        password: hashed,
        gender: 1,
      })),
    );
    await old.insert('user_follow', [{ originId: ann.id, targetId: bob.id, alias: '小波' }]);
    await old.insert('group', [{ id: group, name: '老群', ownerId: ann.id }]);
    await old.insert(
      'group_member',
      users.map((user, index) => ({
        userId: user.id,
        groupId: group,
        notifyLevel: index === 1 ? 1 : 0,
        permissionType: index === 0 ? 100 : 0,
      })),
    );
    await insertMessages();
  });

  const insertMessages = async () => {
    const sent = Array.from({ length: MESSAGES }, (_, index) => {
      const sender = users[index % users.length];
      const to = index % 3 ? { groupId: group } : { receiverId: (sender === ann ? bob : ann).id };
      return {
        id: randomUUID(),
        senderId: sender.id,
        receiverId: null,
        groupId: null,
        ...to,
        content: `第 ${index} 条`,
        type: 1,
        createdAt: at(index),
      };
    });
    await old.insert('message', sent);
    // Bob has got nothing of the last twelve of the group but his own, and everything before.
    missed = sent
      .filter(message => message.groupId === group)
      .slice(-12)
      .filter(message => message.senderId !== bob.id);
    await old.insert(
      'push_history',
      missed.map(message => ({
        entity: JSON.stringify(message),
        entityType: 1,
        receiverId: bob.id,
        senderId: message.senderId,
        arrivalAt: null,
      })),
    );
    await old.insert('push_history', [
      {
        entity: JSON.stringify(sent[1]),
        entityType: 1,
        receiverId: bob.id,
        senderId: sent[1].senderId,
        arrivalAt: at(9),
      },
    ]);
  };

  after(() => old.drop());

  it('is taken in whole, and a second time adds nothing', async function () {
    this.timeout(600_000);
    const first = await old.import();
    assert.match(first, new RegExp(`messages: ${MESSAGES} read, ${MESSAGES} new`));
    assert.match(first, /^users: 12 read, 12 new$/m);
    const again = await old.import();
    assert.match(again, new RegExp(`messages: ${MESSAGES} read, 0 new`));
    assert.doesNotMatch(again, / [1-9]\d* new$/m);
  });

  it('has its people log in as they did, with their friends, groups and messages at the right times', async () => {
    const [a, b] = [await logIn(ann), await logIn(bob)];
    await logIn(bob);
    const [friend] = await a.ask('friend.index');
    assert.deepEqual([friend.user.id, friend.alias], [b.id, '小波']);
    const conversations = await b.ask('conversation.index', { query: { limit: 50 } });
    const imported = conversations.find(each => each.type === 'group')!;
    assert.equal(imported.name, '老群');
    assert.equal(imported.settings.notify, 'silent');
    const page = await b.ask('message.index', { id: imported.id, query: { limit: 50 } });
    const last = page.at(-1)!;
    const index = Number(/\d+/.exec((last.content as { text: string }).text));
    // 2020-01-01 00:00:00 there was eight hours earlier in UTC.
    assert.equal(Date.parse(last.sentAt), Date.UTC(2019, 11, 31, 16) + index * 1000);
    assert.equal(others.length, 10);
  });

  it('has nobody wait for an answer in a conversation of that time', async () => {
    limitUnanswered(20);
    const [stranger, a] = [await logIn(users[3]), await logIn(ann)];
    const body = { to: { userId: a.id }, clientMsgId: randomUUID(), type: 'text', content: { text: '还在吗' } };
    assert.ok((await stranger.ask('message.send', { body })).seq > 20);
  });

  it('gives devices what they had not got, as unread', async () => {
    const b = await logIn(bob);
    const { entries } = await b.call('sync.pull', { after: 0, limit: 100 });
    const conversations = await b.ask('conversation.index', { query: { limit: 50 } });
    const imported = conversations.find(each => each.type === 'group')!;
    // Notices to all of the tenant come as well.
    const messages = entries.flatMap(messagesOf).filter(each => each.conversationId === imported.id);
    assert.equal(messages.length, missed.length);
    // From the first that is missing on.
    assert.equal(imported.unread, imported.lastSeq - messages[0].seq + 1);
    assert.equal(
      conversations.filter(each => each.type === 'single').every(each => each.unread === 0),
      true,
    );
  });
});
