import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { ERRORS, type ErrorCode } from '../../app/schema/errors';
import { callNames, calls, type Call } from '../../app/schema/calls';
import english from '../../config/locale/en-US.json';
import chinese from '../../config/locale/zh-CN.json';
import { ask, people, person, text } from '../support/person';
import { assertFailure, refused, type Failure } from '../support/refusal';
import { app, storesNothing, url } from '../support/service';

async function fetched(path: string, init: RequestInit = {}): Promise<{ status: number; error: Failure }> {
  const response = await fetch(`${url()}${path}`, init);
  return { status: response.status, error: ((await response.json()) as { error: Failure }).error };
}

/** About as deep, and as wide, as a body can be. */
const oversized = ['['.repeat(100_000) + ']'.repeat(100_000), `[${Array(60_000).fill('[]').join()}]`];

describe('every REST call', () => {
  for (const name of callNames) {
    const { method, access, body, params, query }: Call = calls[name];
    if (!method || access === 'admin') continue;
    const open = access === 'open';
    if (!open) {
      it(`${name} needs a token`, async () => {
        await storesNothing(() => refused(ask(name, { id: '1' }), 'UNAUTHENTICATED'));
        const authorization = 'Basic YTpi';
        await refused(ask(name, { id: '1', headers: { authorization } }), 'UNAUTHENTICATED');
      });
    }
    if (body) {
      it(`${name} refuses a body that is not of its form`, async () => {
        const ann = await person();
        await storesNothing(async () => {
          for (const bad of [{ surprise: 1 }, [], [1], { constructor: 1 }]) {
            await refused(ann.ask(name, { id: '1', body: bad }), 'INVALID_INPUT');
          }
          const texts = ['{"__proto__":{"a":1}}', '{"a":', '"x"', '1', 'null', '\u0000'];
          for (const bad of [...texts, ...oversized.map(each => `{"memberIds":${each}}`)]) {
            await refused(ann.ask(name, { id: '1', body: bad }), 'INVALID_INPUT');
          }
        });
      });
    }
    // A device has whatever id it has given itself, and an upload one that says nothing.
    if (params && !['deviceId', 'uploadId'].some(id => id in params.properties)) {
      it(`${name} refuses an id that is none`, async () => {
        const ann = await person();
        for (const id of ['0', 'x', '1.5', "1'", '%00', '12345678901234567', '__proto__']) {
          await refused(ann.ask(name, { id, body: body && {} }), 'INVALID_INPUT');
        }
      });
    }
    if (query) {
      it(`${name} refuses a query that is not of its form`, async () => {
        const ann = await person();
        const queries: Record<string, string>[] = [{ surprise: '1' }, { limit: 'x' }, { limit: '0' }, { length: '1' }];
        for (const bad of queries) {
          await refused(ann.ask(name, { id: '1', query: bad }), 'INVALID_INPUT');
        }
      });
    }
  }
});

describe('a REST request is refused', () => {
  it('when nothing is at its address', async () => {
    for (const path of ['/api/v1/nothing', '/nothing', '/api/v1/users/1/2/3', '/api/v1']) {
      const { status, error } = await fetched(path);
      assertFailure(error, 'NOT_FOUND');
      assert.equal(status, 404);
    }
  });

  it('when its body is too large', async () => {
    const ann = await person();
    const long = 'x'.repeat(app.config.im.packetMaxBytes);
    await storesNothing(async () => {
      await refused(ann.ask('message.send', { body: { to: { userId: ann.id }, ...text(long) } }), 'TOO_LARGE');
      await refused(ask('auth.register', { body: { account: 'a', password: long, name: 'x' } }), 'TOO_LARGE');
    });
  });

  it('when its body is no JSON', async () => {
    const ann = await person();
    const authorization = `Bearer ${ann.session.accessToken}`;
    await storesNothing(async () => {
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'application/xml',
        'multipart/form-data',
      ]) {
        const body = JSON.stringify({ to: { userId: ann.id }, ...text('x') });
        const headers = { authorization, 'content-type': type };
        const { error } = await fetched('/api/v1/messages', { method: 'POST', headers, body });
        assertFailure(error, 'INVALID_INPUT');
      }
    });
  });

  it('when it reaches for a prototype, deep inside what may hold anything', async () => {
    const ann = await person();
    const body = (inside: string) =>
      `{"to":{"userId":"${ann.id}"},"clientMsgId":"${randomUUID()}","type":"custom","content":${inside}}`;
    await storesNothing(async () => {
      for (const key of ['__proto__', 'constructor', 'prototype']) {
        for (const inside of [`{"${key}":{"polluted":1}}`, `{"a":[{"b":{"${key}":1}}]}`]) {
          await refused(ann.ask('message.send', { body: body(inside) }), 'INVALID_INPUT');
          const extra = body('{}').replace(/}$/, `,"extra":${inside}}`);
          await refused(ann.ask('message.send', { body: extra }), 'INVALID_INPUT');
        }
      }
      const deep = `${'{"a":'.repeat(100)}1${'}'.repeat(100)}`;
      await refused(ann.ask('message.send', { body: body(deep) }), 'INVALID_INPUT');
    });
    assert.equal(({} as { polluted?: number }).polluted, undefined);
  });

  it('when a message is over its limits, by either path', async () => {
    const [ann, bob] = await people(2);
    const { conversationId: id } = await ann.ask('message.send', { body: { to: { userId: bob.id }, ...text('hi') } });
    const long = text('x'.repeat(app.config.im.textMaxBytes + 1));
    await storesNothing(async () => {
      await refused(ann.ask('message.create', { id, body: long }), 'TOO_LARGE');
      await refused(ann.ask('message.send', { body: { conversationId: id, ...long } }), 'TOO_LARGE');
      const both = { conversationId: id, to: { userId: bob.id }, ...text('x') };
      await refused(ann.ask('message.send', { body: both }), 'INVALID_INPUT');
      await refused(ann.ask('message.send', { body: text('x') }), 'INVALID_INPUT');
    });
  });

  it('when an account, a password or a device is not of its form', async () => {
    const good = { account: randomUUID(), password: 'long enough', name: 'x' };
    const bad = [
      { account: '' },
      { account: 'white space' },
      { account: 'x'.repeat(65) },
      { account: "x' OR '1" },
      { account: 'émile' },
      { password: 'short' },
      { password: 'x'.repeat(129) },
      { password: null },
      { name: '' },
      { name: 'x'.repeat(65) },
      { phone: 'call me' },
      { app: 'a b' },
      { deviceId: 'x'.repeat(65) },
      { deviceId: 'a/b' },
      { platform: 'toaster' },
    ];
    await storesNothing(async () => {
      for (const each of bad) await refused(ask('auth.register', { body: { ...good, ...each } }), 'INVALID_INPUT');
    });
    await ask('auth.register', { body: good });
  });
});

describe('a refusal', () => {
  it('is a sentence in the language that is asked for', async () => {
    const said = async (language: string, path = '/api/v1/users/me') =>
      (await fetched(path, { headers: { 'accept-language': language } })).error.message;
    assert.equal(await said('en'), english.UNAUTHENTICATED);
    assert.equal(await said('zh-CN,zh;q=0.9,en;q=0.8'), chinese.UNAUTHENTICATED);
    assert.equal(await said('zh-TW'), chinese.UNAUTHENTICATED);
    assert.equal(await said('fr-FR'), english.UNAUTHENTICATED);
    assert.equal(await said('en;q=0.5, zh;q=0.9'), chinese.UNAUTHENTICATED);
    assert.equal(await said('fr, zh;q=0.5, en;q=0.8'), english.UNAUTHENTICATED);
    assert.equal(await said('fr-FR, zh;q=0.1'), chinese.UNAUTHENTICATED);
    assert.equal(await said('zh;q=0, *'), english.UNAUTHENTICATED);
    assert.equal(await said(''), english.UNAUTHENTICATED);
    assert.equal(await said('en', '/api/v1/users/me?lang=zh-CN'), chinese.UNAUTHENTICATED);
    assert.equal(await said('zh', '/api/v1/users/me?lang=en-GB'), english.UNAUTHENTICATED);
    assert.equal(await said('zh', '/api/v1/users/me?lang=fr'), chinese.UNAUTHENTICATED);
    assert.equal(await said('fr', '/api/v1/users/me?lang=fr'), english.UNAUTHENTICATED);
    assert.equal(await said("zh'; DROP"), chinese.UNAUTHENTICATED);
  });

  it('has a sentence for each code in each language', () => {
    const codes = Object.keys(ERRORS) as ErrorCode[];
    for (const language of [english, chinese]) {
      assert.deepEqual(Object.keys(language).sort(), [...codes].sort());
      assert.equal(new Set(Object.values(language)).size, codes.length);
    }
    for (const code of codes) assert.match(chinese[code], /\p{Script=Han}/u);
  });

  it('of what went wrong inside tells nothing of it', async () => {
    const ann = await person();
    const { logger } = app;
    const logged: unknown[] = [];
    const error = logger.error.bind(logger);
    logger.error = (first: unknown) => void logged.push(first);
    try {
      // A row that can not be: the profile's name is longer than its column.
      app.model.User.addHook('beforeUpdate', 'sabotage', user => void user.set('name', 'x'.repeat(1000)));
      const failure = await refused(ann.ask('user.update', { body: { name: 'Ann' } }), 'INTERNAL');
      assert.deepEqual(Object.keys(failure), ['code', 'message', 'retryable']);
    } finally {
      app.model.User.removeHook('beforeUpdate', 'sabotage');
      logger.error = error;
    }
    assert.match(String(logged[0]), /Data too long/, 'the log has it');
  });
});
