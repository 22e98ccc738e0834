import assert from 'node:assert/strict';
import { presentCard, presentCards } from '../../app/presenter/card';
import { presentFriend } from '../../app/presenter/friend';
import { presentFriendRequest } from '../../app/presenter/friend_request';
import { presentMe } from '../../app/presenter/me';
import { presentSession } from '../../app/presenter/session';
import { presentUser } from '../../app/presenter/user';

const createdAt = new Date('2026-01-31T09:30:00.123Z');
const expiresAt = new Date('2026-02-07T09:30:00.123Z');
const unset = { avatar: null, gender: null, signature: null, background: null, phone: null };
const allowed = {
  allowGroups: 'friends',
  allowMessages: 'everyone',
  allowPhone: 'nobody',
  allowPresence: 'friends',
} as const;
const bare = {
  id: 7,
  app: 'default',
  account: 'ann',
  name: 'Ann',
  hidePresence: false,
  cardVersion: 0,
  ...unset,
  ...allowed,
};
const set = { avatar: '/a.png', gender: 'female' as const, signature: 'hi', background: '/b.png' };
const cards = presentCards([bare, { id: 8, name: 'Bob', avatar: '/b.png', cardVersion: 0 }]);

describe('presenting people', () => {
  it('a user has what they have told of themselves, and no phone number', () => {
    assert.deepEqual(presentUser(bare), { id: '7', account: 'ann', name: 'Ann' });
    const full = { ...bare, ...set, phone: '+4912345' };
    assert.deepEqual(presentUser(full), { id: '7', account: 'ann', name: 'Ann', ...set });
  });

  it('users see their own tenant, phone number and choice of presence', () => {
    const privacy = { groups: 'friends', messages: 'everyone', phone: 'nobody', presence: 'friends' };
    const own = { id: '7', account: 'ann', name: 'Ann', app: 'default', privacy };
    assert.deepEqual(presentMe(bare), { ...own, hidePresence: false });
    const full = { ...bare, phone: '+4912345', hidePresence: true };
    assert.deepEqual(presentMe(full), { ...own, phone: '+4912345', hidePresence: true });
  });

  it('a card has a name, and a picture where there is one', () => {
    const card = { id: 7, name: 'Ann', avatar: null, cardVersion: 0 };
    assert.deepEqual(presentCard(card), { id: '7', name: 'Ann' });
    assert.deepEqual(presentCard({ ...card, avatar: '/a.png' }), { id: '7', name: 'Ann', avatar: '/a.png' });
    assert.deepEqual(presentCard({ ...card, cardVersion: 2 }), { id: '7', name: 'Ann', version: 2 });
  });

  it('a friend has a card, and an alias where there is one', () => {
    const friend = { user: { id: '8', name: 'Bob', avatar: '/b.png' }, since: '2026-01-31T09:30:00.123Z' };
    assert.deepEqual(presentFriend({ alias: null, createdAt }, cards.get(8)!), friend);
    assert.deepEqual(presentFriend({ alias: 'Bobby', createdAt }, cards.get(8)!), { ...friend, alias: 'Bobby' });
  });

  it('a friend request has both cards, and the status that is given', () => {
    const row = { fromId: 7, toId: 8, greeting: null, status: 'ignored' as const, createdAt, expiresAt };
    const request = {
      from: { id: '7', name: 'Ann' },
      to: { id: '8', name: 'Bob', avatar: '/b.png' },
      status: 'pending',
      createdAt: '2026-01-31T09:30:00.123Z',
      expiresAt: '2026-02-07T09:30:00.123Z',
    };
    assert.deepEqual(presentFriendRequest(row, 'pending', cards), request);
    const greeted = presentFriendRequest({ ...row, greeting: 'hi' }, 'pending', cards);
    assert.deepEqual(greeted, { ...request, greeting: 'hi' });
  });

  it('a session has its user, its device and its tokens', () => {
    const tokens = { accessToken: 'a', refreshToken: 'r', expiresIn: 60 };
    assert.deepEqual(presentSession(bare, 'd1', tokens), { user: presentMe(bare), deviceId: 'd1', ...tokens });
  });
});
