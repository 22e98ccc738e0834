import assert from 'node:assert/strict';
import jwt from 'jsonwebtoken';
import { ERRORS, type ErrorCode } from '../../app/schema/errors';
import { Tokens } from '../../app/lib/auth/tokens';
import { people, person, text, type Person } from '../support/person';
import { refused } from '../support/refusal';
import { app } from '../support/service';
import { epoch } from '../support/stream';

describe('a socket client', () => {
  for (const version of [2, 3, 4] as const) {
    it(`of ${version}.x chats with one of 4.x`, async () => {
      const [ann, bob] = await people(2);
      const [old, recent] = [await ann.connect({ version }), await bob.connect()];
      const { syncSeq, ...message } = await old.send({ to: { userId: bob.id }, ...text('hello') });
      assert.equal(syncSeq, 1);
      const { entries } = await recent.first('sync:push');
      assert.deepEqual(entries[0].data, { messages: [message] });
      await recent.send({ conversationId: message.conversationId, ...text('welcome') });
      await old.reaches(2);
      assert.deepEqual(
        old.replica.messages.map(each => each.content),
        [{ text: 'hello' }, { text: 'welcome' }],
      );
    });

    it(`of ${version}.x may have its credentials in the query`, async () => {
      const ann = await person();
      const client = await ann.connect({ version, credentials: 'query' });
      await client.request('sync:pull', { after: 0 });
    });

    it(`of ${version}.x may have its token in the header`, async () => {
      const ann = await person();
      const connect = (authorization: string) =>
        ann.connect({ version, credentials: 'auth', auth: { token: undefined }, headers: { authorization } });
      for (const scheme of ['', 'Bearer ', 'bearer ']) await connect(scheme + ann.session.accessToken);
      await refused(connect('Bearer x'), 'UNAUTHENTICATED');
    });

    it(`of ${version}.x is told the code when it is refused`, async () => {
      const ann = await person();
      await ann.ask('auth.logout');
      await refused(ann.connect({ version }), 'SESSION_CLOSED');
    });

    it(`of ${version}.x may begin by HTTP polling`, async () => {
      const ann = await person();
      const client = await ann.connect({ version, transports: ['polling'] });
      await client.request('sync:pull', { after: 0 });
    });
  }
});

/** Signed with the service's secret or another, by its algorithm or another. */
function forge(someone: Person, secret: string, algorithm: jwt.Algorithm): string {
  const { payload } = jwt.decode(someone.session.accessToken, { complete: true }) as jwt.Jwt;
  return jwt.sign(payload, secret, { algorithm });
}

describe('a connection is refused', () => {
  const secret = () => app.config.im.jwtSecret;
  const tokens: Record<string, (someone: Person) => { code: ErrorCode; token: unknown }> = {
    'without a token': () => ({ code: 'UNAUTHENTICATED', token: undefined }),
    'with a token that is no text': () => ({ code: 'UNAUTHENTICATED', token: { $ne: null } }),
    'with a token that is no token': () => ({ code: 'UNAUTHENTICATED', token: 'hello' }),
    'with a token signed by somebody else': ann => ({
      code: 'UNAUTHENTICATED',
      token: forge(ann, 'x'.repeat(40), 'HS256'),
    }),
    'with a token signed by another algorithm': ann => ({
      code: 'UNAUTHENTICATED',
      token: forge(ann, secret(), 'HS512'),
    }),
    'with a token that needs no signature': ann => ({ code: 'UNAUTHENTICATED', token: forge(ann, '', 'none') }),
    'with a token that has expired': ann => {
      const expired = new Tokens({ secret: secret(), accessTtl: -1, refreshTtl: 1 });
      const actor = app.tokens.verify('access', ann.session.accessToken);
      return { code: 'TOKEN_EXPIRED', token: expired.issue(actor, 'x').accessToken };
    },
  };

  for (const [what, make] of Object.entries(tokens)) {
    it(`${what}, and so is a REST call`, async () => {
      const ann = await person();
      const { code, token } = make(ann);
      const failure = await refused(ann.connect({ auth: { token } }), code);
      assert.equal(failure.retryable, ERRORS[code].retryable);
      const authorization = typeof token === 'string' ? `Bearer ${token}` : '';
      await refused(ann.ask('user.me', { headers: { authorization } }), code);
    });
  }

  it('with the id of another device than the token’s', async () => {
    const ann = await person();
    const laptop = await ann.login();
    await refused(ann.connect({ auth: { deviceId: laptop.deviceId } }), 'UNAUTHENTICATED');
  });

  it('when the session has ended', async () => {
    const ann = await person();
    await ann.ask('auth.logout');
    await refused(ann.connect(), 'SESSION_CLOSED');
  });

  it('in the language of the handshake, or else in the one that the browser prefers', async () => {
    const ann = await person();
    const english = 'A valid access token is needed.';
    const chinese = '需要有效的访问令牌。';
    const said = async (options: object) => (await refused(ann.connect(options), 'UNAUTHENTICATED')).message;
    assert.equal(await said({ auth: { token: 'x' } }), english);
    assert.equal(await said({ auth: { token: 'x', lang: 'zh-CN' } }), chinese);
    assert.equal(await said({ auth: { token: 'x' }, headers: { 'accept-language': 'zh-CN,zh;q=0.9' } }), chinese);
    assert.equal(await said({ auth: { token: 'x' }, headers: { 'accept-language': 'en;q=0.5, zh;q=0.9' } }), chinese);
    assert.equal(await said({ auth: { token: 'x', lang: 'en' }, headers: { 'accept-language': 'zh' } }), english);
    assert.equal(await said({ auth: { token: 'x', lang: 'fr' }, headers: { 'accept-language': 'zh' } }), chinese);
    assert.equal(await said({ auth: { token: 'x', lang: { toString: 1 } } }), english);
    assert.equal(await said({ auth: { token: 'x', lang: 'zh' }, credentials: 'query', version: 2 }), chinese);
  });
});

describe('after connecting a device', () => {
  it('is told where its stream stands', async () => {
    const [ann, bob] = await people(2);
    assert.deepEqual(await (await bob.connect()).first('sync:head'), { head: 0, epoch: await epoch(), first: 1 });
    for (let seq = 1; seq <= 3; seq++) {
      await ann.ask('message.send', { body: { to: { userId: bob.id }, ...text(`number ${seq}`) } });
    }
    assert.deepEqual(await (await bob.connect()).first('sync:head'), { head: 3, epoch: await epoch(), first: 1 });
  });

  it('is sent what it lacks when it names its place, and nothing when it lacks nothing', async () => {
    const [ann, bob] = await people(2);
    for (let seq = 1; seq <= 4; seq++) {
      await ann.ask('message.send', { body: { to: { userId: bob.id }, ...text(`number ${seq}`) } });
    }
    for (const options of [{}, { version: 2, credentials: 'query' }] as const) {
      const behind = await bob.connect({ ...options, after: 2 });
      const { entries } = await behind.first('sync:push');
      const pulled = await behind.request('sync:pull', { after: 2 });
      assert.deepEqual(entries, pulled.entries);
      assert.deepEqual(
        entries.map(each => each.syncSeq),
        [3, 4],
      );
    }
    const upToDate = await bob.connect({ after: 4 });
    await upToDate.send({ to: { userId: ann.id }, ...text('number 5') });
    assert.equal((await upToDate.first('sync:push')).entries[0].syncSeq, 5);
  });

  it('is served as usual when the place it names is nonsense', async () => {
    const bob = await person();
    for (const after of ['x', -5, 1e300, 2.5, null, {}, 99]) {
      const client = await bob.connect({ auth: { after } });
      await client.request('sync:pull', { after: 0 });
      assert.deepEqual(client.told('sync:push'), []);
    }
  });
});
