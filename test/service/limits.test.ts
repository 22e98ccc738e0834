import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { LimitKind } from '../../app/schema/limits';
import { groupOf } from '../support/group';
import { befriend } from '../support/friends';
import { behindProxies, from, limit, limitsOf } from '../support/limits';
import { redis as redisWay } from '../support/network';
import { ask, people, person, text, type Person } from '../support/person';
import { refused } from '../support/refusal';
import { app, mm, storesNothing, url } from '../support/service';
import { png, upload } from '../support/upload';

const newcomer = () => ({ account: `p${randomUUID()}`, password: 'correct horse battery', name: 'Pat' });

interface Kind {
  readonly kind: LimitKind;
  readonly what: string;
  readonly call: (ann: Person, bob: Person, index: number) => Promise<unknown>;
}

const ofUsers: readonly Kind[] = [
  {
    kind: 'sends',
    what: 'sends',
    call: (ann, bob) => ann.ask('message.send', { body: { to: { userId: bob.id }, ...text('hi') } }),
  },
  { kind: 'syncs', what: 'pulls', call: ann => ann.call('sync.pull', { after: 0 }) },
  { kind: 'reads', what: 'reads', call: ann => ann.call('user.me', {}) },
  { kind: 'writes', what: 'writes', call: (ann, _, index) => ann.call('user.update', { signature: `${index}` }) },
  { kind: 'searches', what: 'searches for people', call: ann => ann.call('user.search', { q: 'pat', limit: 1 }) },
  {
    kind: 'searches',
    what: 'searches for messages',
    call: ann => ann.call('message.search', { q: 'hello', limit: 1 }),
  },
  { kind: 'uploads', what: 'uploads', call: ann => upload(ann, { content: png }) },
  {
    kind: 'friendRequests',
    what: 'friend requests',
    call: async ann => ann.call('friend.ask', { userId: (await person()).id }),
  },
  {
    kind: 'invitations',
    what: 'groups',
    call: (ann, bob) => ann.call('group.create', { name: 'Us', memberIds: [bob.id] }),
  },
  {
    kind: 'strangers',
    what: 'conversations with strangers',
    call: async ann => ann.ask('message.send', { body: { to: { userId: (await person()).id }, ...text('hi') } }),
  },
];

describe('a limit of a user', () => {
  for (const { kind, what, call } of ofUsers) {
    it(`refuses ${what} past it, and nobody else’s`, async () => {
      const [ann, bob] = await people(2);
      await limit({ [kind]: 3 });
      for (let index = 0; index < 3; index++) await call(ann, bob, index);
      const { retryAfterMs = 0, details } = await refused(call(ann, bob, 3), 'RATE_LIMITED');
      assert.ok(retryAfterMs > 0 && retryAfterMs <= 3_600_000, `${retryAfterMs} ms`);
      assert.deepEqual(details, { limit: kind });
      await call(bob, ann, 4);
    });
  }

  it('is one for both transports, and says on both when to come again', async () => {
    const ann = await person();
    const socket = await ann.connect();
    await limit({ reads: 2 });
    await ann.call('user.me', {});
    await socket.call('user.me', {});
    const { retryAfterMs = 0 } = await refused(socket.call('user.me', {}), 'RATE_LIMITED');
    assert.ok(retryAfterMs > 0 && retryAfterMs <= 60_000);
    const headers = { authorization: `Bearer ${ann.session.accessToken}` };
    const response = await fetch(`${url()}/api/v1/users/me`, { headers });
    const { error } = (await response.json()) as { error: { retryAfterMs: number } };
    assert.equal(response.status, 429);
    assert.equal(response.headers.get('retry-after'), String(Math.ceil(error.retryAfterMs / 1000)));
  });

  it('is asked before the input is looked at, and stores nothing', async () => {
    const [ann, bob] = await people(2);
    const socket = await ann.connect();
    await limit({ sends: 1 });
    await refused(socket.send({ nonsense: true }), 'INVALID_INPUT');
    await storesNothing(() => refused(socket.send({ to: { userId: bob.id }, ...text('hi') }), 'RATE_LIMITED'));
  });

  it('counts each message that is forwarded', async () => {
    const [ann, bob] = await people(2);
    const { conversationId } = await ann.ask('message.send', { body: { to: { userId: bob.id }, ...text('one') } });
    await ann.ask('message.send', { body: { to: { userId: bob.id }, ...text('two') } });
    await limit({ sends: 3 });
    const forward = () => {
      const from = { conversationId, seqs: [1, 2] };
      return ann.call('message.forward', { from, conversationId, clientMsgIds: [randomUUID(), randomUUID()] });
    };
    assert.equal((await forward()).length, 2);
    await refused(forward(), 'RATE_LIMITED');
  });

  it('lets friends begin any number of conversations', async () => {
    const [ann, ...friends] = await people(4);
    for (const each of friends) await befriend(ann, each);
    await limit({ strangers: 1 });
    for (const { id } of friends) await ann.ask('message.send', { body: { to: { userId: id }, ...text('hi') } });
  });
});

describe('the limit of a conversation', () => {
  it('is that of all its members together', async () => {
    const [ann, bob] = await people(2);
    const { conversationId } = await groupOf([ann, bob]);
    await limit({ conversation: 2 });
    await ann.ask('message.send', { body: { conversationId, ...text('1') } });
    await bob.ask('message.create', { id: conversationId, body: text('2') });
    await refused(ann.ask('message.send', { body: { conversationId, ...text('3') } }), 'RATE_LIMITED');
    await ann.ask('message.send', { body: { to: { userId: bob.id }, ...text('elsewhere') } });
  });
});

describe('the limit of an address', () => {
  const register = (address: string) => ask('auth.register', { body: newcomer(), ...from(address) });

  it('refuses registrations, and none from elsewhere', async () => {
    behindProxies(1);
    await limit({ registrations: 2 });
    for (let index = 0; index < 2; index++) await register('203.0.113.1');
    await storesNothing(() => refused(register('203.0.113.1'), 'RATE_LIMITED'));
    for (let index = 2; index < 6; index++) await register(`203.0.113.${index}`);
  });

  it('refuses logins and refreshes, however they end', async () => {
    behindProxies(1);
    const ann = await person();
    await limit({ logins: 1, refreshes: 1 });
    const here = from('203.0.113.1');
    const login = { account: ann.session.user.account, password: 'wrong' };
    await refused(ask('auth.login', { body: login, ...here }), 'WRONG_CREDENTIALS');
    await refused(ask('auth.login', { body: login, ...here }), 'RATE_LIMITED');
    await refused(ask('auth.login', { body: login, ...from('203.0.113.2') }), 'WRONG_CREDENTIALS');
    await refused(ask('auth.refresh', { body: { refreshToken: 'x' }, ...here }), 'UNAUTHENTICATED');
    await refused(ask('auth.refresh', { body: { refreshToken: 'x' }, ...here }), 'RATE_LIMITED');
  });

  it('takes a network of IPv6 for one', async () => {
    behindProxies(1);
    await limit({ registrations: 1 });
    await register('2001:db8:1:2::1');
    await refused(register('2001:db8:1:2:3:4:5:6'), 'RATE_LIMITED');
    await register('2001:db8:1:3::1');
  });

  it('believes as many addresses of the header as there are proxies', async () => {
    await limit({ registrations: 1 });
    await register('203.0.113.1');
    // Without a proxy the peer counts, whatever it says.
    await refused(register('203.0.113.2'), 'RATE_LIMITED');
    behindProxies(2);
    await register('198.51.100.1, 203.0.113.3, 10.0.0.1');
    await refused(register('198.51.100.2, 203.0.113.3, 10.0.0.1'), 'RATE_LIMITED');
    await register('203.0.113.3, 203.0.113.4, 10.0.0.1');
  });
});

describe('limits of several nodes', () => {
  const bounds = { writes: 2, reads: 1 };

  it('are counted together, but those of what is asked for all the time', async () => {
    const name = randomUUID();
    const [one, other] = [await limitsOf(bounds, name), await limitsOf(bounds, name)];
    await one.take('writes', 7);
    await other.take('writes', 7);
    for (const each of [one, other]) await assert.rejects(each.take('writes', 7), { code: 'RATE_LIMITED' });
    await one.take('writes', 8);
    for (const each of [one, other]) await each.take('reads', 7);
  });

  describe('without Redis', () => {
    afterEach(async () => {
      redisWay.restore();
      if (app.redis.status !== 'ready') await once(app.redis, 'ready');
    });

    for (const state of ['cut', 'hang'] as const) {
      it(`(${state}) are counted by each in its memory, and hold nobody up`, async () => {
        mm(app.logger, 'error', () => undefined);
        mm(app.coreLogger, 'error', () => undefined);
        const [one, other] = [await limitsOf(bounds), await limitsOf(bounds)];
        redisWay[state]();
        const began = performance.now();
        for (const each of [one, other]) {
          await each.take('writes', 7);
          await each.take('writes', 7);
          await assert.rejects(each.take('writes', 7), { code: 'RATE_LIMITED' });
        }
        assert.ok(performance.now() - began < 3000);
      });
    }
  });
});
