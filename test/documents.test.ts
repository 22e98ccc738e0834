import { schemasWithoutId } from '@asyncapi/specs';
import { Ajv } from 'ajv';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { createInterface } from 'node:readline';
import { format, resolveConfig } from 'prettier';
import { Tokens } from '../app/lib/auth/tokens';
import { ERRORS, type ErrorCode } from '../app/schema/errors';
import { callNames, calls, eventOf, type Call, type CallName } from '../app/schema/calls';
import { asyncapi } from '../app/documents/asyncapi';
import { clientReference } from '../app/documents/client_reference';
import { CLIENT_TYPES, clientTypes } from '../app/documents/client_types';
import { headingsOf } from '../app/documents/links';
import { slug } from '../app/documents/markdown';
import { openapi } from '../app/documents/openapi';
import { CLIENT_PAGE, pages, writtenPages } from '../app/documents/pages';
import { refusalsOfCall } from '../app/documents/refusals';
import { titleOf } from '../app/documents/sections';
import { serverEvents } from '../app/schema/events';
import { contents, serverContents } from '../app/schema/content';
import { entries } from '../app/schema/sync';
import english from '../config/locale/en-US.json';
import chinese from '../config/locale/zh-CN.json';
import { table } from '../config/settings';
import { person, text } from './support/person';
import { app, mm, url } from './support/service';
import { epoch, setBack } from './support/stream';

interface Operation {
  readonly operationId: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly requestBody?: unknown;
  readonly responses: Record<string, { readonly description: string }>;
}

interface Document {
  readonly components: { readonly schemas: Record<string, object> };
}

/** Those with a REST form. */
const restCalls = callNames.filter(name => (calls[name] as Call).method);

/** What a JSON pointer such as `#/components/schemas/User` leads to. */
function follow(document: unknown, pointer: string): unknown {
  const names = pointer.replace(/^#\//, '').split('/');
  return names.reduce<unknown>((place, name) => (place as Record<string, unknown> | undefined)?.[name], document);
}

function everyReferenceLeadsSomewhere(document: object): void {
  const pointers = [...JSON.stringify(document).matchAll(/"(#\/[^"]+)"/g)].map(([, pointer]) => pointer);
  assert.ok(pointers.length > 0);
  for (const pointer of pointers) assert.ok(follow(document, pointer), `${pointer} leads nowhere`);
}

/** A validator for the named schemas of a document. */
function validatorOf({ components }: Document) {
  // One that takes formats and keywords it does not know as comments, whatever its version.
  const ajv = new Ajv({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'document', components });
  return (name: string) => ajv.compile({ $ref: `document#/components/schemas/${name}` });
}

function markdownOf(path: string): string {
  return pages.find(page => page.path === path)!.markdown;
}

const protocol = markdownOf('protocol.md');

describe('the written documents', () => {
  for (const { path, markdown } of writtenPages) {
    it(`have docs/${path} as the schemas give it`, () => {
      const stored = readFileSync(`docs/${path}`, 'utf8');
      assert.ok(stored === markdown, `docs/${path} is stale: run \`npm run docs\` and commit it`);
    });
  }

  it('have the types of the client as they are generated', async () => {
    const written = await format(clientTypes(), { ...(await resolveConfig(CLIENT_TYPES)), filepath: CLIENT_TYPES });
    assert.ok(readFileSync(CLIENT_TYPES, 'utf8') === written, `${CLIENT_TYPES} is stale: run \`npm run docs\``);
  });

  it('have the reference of the client as its docstrings give it', () => {
    const stored = readFileSync(`docs/${CLIENT_PAGE}`, 'utf8');
    assert.ok(stored === clientReference(), `docs/${CLIENT_PAGE} is stale: run \`npm run docs\` and commit it`);
  });

  it('have no page of the reference that is not written any more', () => {
    const stored = readdirSync('docs/reference').map(name => `reference/${name}`);
    const written = pages.map(({ path }) => path).filter(path => path.startsWith('reference/'));
    assert.deepEqual(stored.sort(), written.sort(), 'run `npm run docs` and commit it');
  });

  it('have a protocol that can be read through', () => {
    assert.ok(protocol.split('\n').length < 450);
  });

  it('have a section for each call, event, type of entry and type of message', () => {
    const headings = pages.flatMap(({ markdown }) => headingsOf(markdown));
    const wanted = [
      ...callNames.map(name => `\`${titleOf(name)}\``),
      ...Object.keys(serverEvents).map(event => `Event \`${event}\``),
      ...Object.keys(entries).map(type => `Entry \`${type}\``),
      ...Object.keys({ ...contents, ...serverContents }).map(type => `Content of \`${type}\``),
    ];
    for (const heading of wanted) assert.ok(headings.includes(heading), `no section ${heading}`);
  });

  it('list each code with its status and its sentence', () => {
    for (const [code, { status, retryable }] of Object.entries(ERRORS)) {
      const row = `| \`${code}\` | ${status} | ${retryable ? 'yes' : 'no'} | ${english[code as ErrorCode]} |`;
      assert.ok(protocol.includes(row), `no row of ${code}`);
    }
  });

  it('list each setting with its default', () => {
    const markdown = markdownOf('configuration.md');
    for (const [name, { value, about }] of Object.entries(table)) {
      assert.ok(markdown.includes(`| \`${name}\` | ${value && `\`${value}\``} | ${about} |`), `no row of ${name}`);
    }
  });

  it('have no two headings with the same anchor on a page', () => {
    for (const { path, markdown } of pages) {
      const anchors = headingsOf(markdown).map(slug);
      assert.deepEqual(anchors, [...new Set(anchors)], path);
    }
  });

  it('lead to places that exist, also those that are written by hand', () => {
    const inDocs = readdirSync('docs', { recursive: true, encoding: 'utf8' }).map(path => `docs/${path}`);
    const files = [...readdirSync('.'), ...inDocs].filter(path => path.endsWith('.md'));
    assert.ok(files.length > pages.length);
    for (const path of files) {
      for (const [, link] of readFileSync(path, 'utf8').matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
        const [file, anchor] = link.split('#');
        const target = file ? posix.join(posix.dirname(path), file) : path;
        assert.ok(existsSync(target), `${path}: no file for ${link}`);
        if (!anchor) continue;
        assert.ok(
          headingsOf(readFileSync(target, 'utf8')).map(slug).includes(anchor),
          `${path}: no heading for ${link}`,
        );
      }
    }
  });
});

describe('the sentences of failures', () => {
  for (const [language, sentences] of Object.entries({ english, chinese })) {
    it(`are there in ${language}, one for each code`, () => {
      assert.deepEqual(Object.keys(sentences).sort(), Object.keys(ERRORS).sort());
      assert.ok(Object.values(sentences).every(sentence => sentence.trim() !== ''));
    });
  }
});

describe('the OpenAPI document', () => {
  it('is one by the specification', async () => {
    const { Validator } = await import('@seriousme/openapi-schema-validator');
    const validator = new Validator();
    const { valid, errors } = await validator.validate(JSON.stringify(openapi(), null, 2));
    assert.ok(valid, JSON.stringify(errors));
    assert.equal(validator.version, '3.1');
  });

  const document = openapi();
  const operationOf = (name: CallName): Operation => {
    const { method = 'get', path = '' }: Call = calls[name];
    const operation = document.paths[path.replace(/:(\w+)/g, '{$1}')][method] as Operation;
    assert.equal(operation.operationId, name);
    return operation;
  };

  it('has every call, with its input and whether it is open', () => {
    for (const name of restCalls) {
      const { path = '', access = 'token', query, body, upload }: Call = calls[name];
      const { security, parameters = [], requestBody } = operationOf(name);
      assert.deepEqual(security, { token: undefined, open: [], admin: [{ admin: [] }] }[access], name);
      assert.equal(requestBody !== undefined, body !== undefined || upload === true, name);
      const inPath = parameters.filter(each => each.in === 'path' && each.required).map(each => `:${each.name}`);
      assert.deepEqual(inPath, path.match(/:\w+/g) ?? [], name);
      const inQuery = parameters.filter(each => each.in === 'query').map(each => each.name);
      assert.deepEqual(inQuery, Object.keys(query?.properties ?? {}), name);
    }
  });

  it('has an answer of every call for success and for each refusal', () => {
    for (const name of restCalls) {
      const { responses } = operationOf(name);
      assert.ok(responses['200'], name);
      for (const code of refusalsOfCall(name)) {
        assert.ok(responses[ERRORS[code].status].description.includes(`\`${code}\``), `${name}: ${code}`);
      }
    }
  });

  it('names what it uses, and uses what it names', () => {
    everyReferenceLeadsSomewhere(document);
    const names = ['User', 'Me', 'Session', 'Message', 'SentMessage', 'Conversation', 'Group', 'Member', 'Entry'];
    for (const name of [...names, 'Failure']) assert.ok(document.components.schemas[name], name);
    for (const name of Object.keys(document.components.schemas)) {
      assert.ok(JSON.stringify(document).includes(`"#/components/schemas/${name}"`), `${name} is not used`);
    }
  });

  it('lets a generated client tell good input from bad', () => {
    const validator = validatorOf(document);
    const sends = validator('SendMessage');
    const message = { ...text('hello'), to: { userId: '7' } };
    assert.equal(sends({ ...message, extra: { colour: 'red' }, replyTo: 1, mentions: ['8'] }), true);
    assert.equal(sends({ ...message, type: 'location', content: { latitude: 1, longitude: 2 } }), true);
    assert.equal(sends({ ...message, type: 'custom', content: { anything: [1] } }), true);
    assert.equal(sends({ ...message, type: 'location' }), false, 'the content of another type');
    assert.equal(sends({ ...message, content: { text: '' } }), false, 'an empty text');
    assert.equal(sends({ ...message, senderId: '7' }), false, 'a field that is not described');
  });

  it('holds sound schemas only', () => {
    const validator = validatorOf(document);
    for (const name of Object.keys(document.components.schemas)) validator(name);
  });

  it('demands nothing that has a default', () => {
    const limits = restCalls.flatMap(name => operationOf(name).parameters?.find(each => each.name === 'limit') ?? []);
    assert.ok(limits.length > 0 && limits.every(({ required }) => !required));
  });
});

describe('the AsyncAPI document', () => {
  it('is one by the specification', () => {
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(schemasWithoutId['3.0.0'] as object);
    assert.ok(validate(JSON.parse(JSON.stringify(asyncapi()))), JSON.stringify(validate.errors));
  });

  const document = asyncapi();
  const operations = document.operations as Record<string, { action: string; reply?: object } | undefined>;

  it('has every event, and the answers to those of clients', () => {
    for (const event of callNames.flatMap(name => eventOf(name) ?? [])) {
      const { action, reply } = operations[event.replace(':', '.')]!;
      assert.equal(action, 'receive', event);
      assert.ok(reply, event);
    }
    for (const event of Object.keys(serverEvents)) {
      assert.deepEqual(operations[`${event.replace(':', '.')}.told`]?.action, 'send', event);
    }
  });

  it('calls each event what it is called on the wire', () => {
    const { messages } = document.channels.im;
    for (const event of Object.keys(serverEvents))
      assert.equal(messages[`${event.replace(':', '.')}.told`].name, event);
    assert.equal(messages['message.send'].name, 'message:send');
  });

  it('demands nothing that has a default', () => {
    const validate = validatorOf(document)('ListConversations');
    assert.ok(validate({}) && validate({ limit: 10 }));
    for (const [name, { required = [], properties = {} }] of Object.entries(document.components.schemas)) {
      for (const field of required) assert.equal(properties[field].default, undefined, `${name}.${field}`);
    }
  });

  it('has every type of entry', () => {
    const { anyOf } = document.components.schemas.Entry;
    const types = (anyOf ?? []).map(({ $ref }) => follow(document, `${$ref}/properties/type/const`));
    assert.deepEqual(types, Object.keys(entries));
  });

  it('names what it uses, and holds sound schemas only', () => {
    everyReferenceLeadsSomewhere(document);
    const validator = validatorOf(document);
    for (const name of Object.keys(document.components.schemas)) validator(name);
  });
});

describe('a developer of a client', () => {
  it('fetches the documents for tools', async () => {
    await app
      .httpRequest()
      .get('/api/openapi.json')
      .expect(200)
      .expect('content-type', /json/)
      .expect(sameAs(openapi()));
    await app
      .httpRequest()
      .get('/api/asyncapi.json')
      .expect(200)
      .expect('content-type', /json/)
      .expect(sameAs(asyncapi()));
  });

  it('runs the examples of the protocol, which send, miss a push, and catch up', async () => {
    const lines = await linesOf(await client(1), line => line === 'applied 2 message.new');
    assert.match(lines.join('\n'), /^sent \{\s+ok: true/m);
    assert.deepEqual(
      lines.filter(line => line.startsWith('applied')),
      ['applied 1 message.new', 'applied 2 message.new'],
    );
  });

  it('has a client whose outbox goes on behind a message that is too large, without losing the connection', async () => {
    const { textMaxBytes, packetMaxBytes } = app.config.im;
    const sizes = [textMaxBytes + 1, packetMaxBytes - 400, packetMaxBytes, packetMaxBytes * 3, 2];
    const program = [
      await client(0),
      "socket.on('disconnect', reason => console.log('disconnected', reason));",
      `await empty(${JSON.stringify(sizes)}.map(size => messageOf('x'.repeat(size))));`,
      "console.log('emptied');",
    ];
    const lines = await linesOf(program.join('\n'), line => line === 'emptied');
    assert.deepEqual(
      lines.filter(line => /^(shown|disconnected)/.test(line)),
      [...sizes.slice(0, 4).map(size => `shown ${size} TOO_LARGE`), 'shown 2 2'],
    );
  });

  it('has a client whose session outlives a refresh of which the answer was lost, though all ask for one at once', async () => {
    const { jwtSecret: secret, refreshTtl } = app.config.im;
    mm(app, 'tokens', new Tokens({ secret, accessTtl: 2, refreshTtl }));
    const program = [
      await client(0),
      'const real = fetch;',
      'let asked = 0;',
      `globalThis.fetch = async (...request) => {
        const answer = await real(...request);
        asked++;
        if (asked === 1) throw new TypeError('the answer is lost');
        return answer;
      };`,
      'socket.disconnect();',
      'await new Promise(expired => setTimeout(expired, 2100));',
      'socket.connect();',
      "socket.on('connect_error', () => Promise.all([refresh(), refresh()]));",
      "socket.on('connect', () => empty([messageOf('again')]).then(() => console.log('asked', asked)));",
    ];
    const lines = await linesOf(program.join('\n'), line => line.startsWith('asked'));
    assert.deepEqual(lines.slice(-2), ['shown 5 2', 'asked 2']);
  });

  it('has a client that loads anew when its stream was set back, asks no more often than it has to, and goes on', async () => {
    let userId = '';
    let isAnew = false;
    const lines = await linesOf(await client(2), async line => {
      userId = /^user (\d+)$/.exec(line)?.[1] ?? userId;
      if (line === 'applied 3 message.new') {
        await setBack(userId, 1);
        hangUp(userId);
      }
      if (line === 'loaded anew from 1') {
        isAnew = true;
        await (await person()).ask('message.send', { body: { to: { userId }, ...text('are you there?') } });
      }
      return isAnew && line === 'applied 2 message.new';
    });
    const pulls = lines.filter(line => line === 'pull').length;
    assert.ok(pulls <= 3, `${pulls} pulls`);
  });
});

function sameAs(document: object) {
  return ({ body }: { body: unknown }) => assert.deepEqual(body, JSON.parse(JSON.stringify(document)));
}

/**
 * The client of the protocol as a program, which sends one message and so many more to itself, and prints what it does. It
 * begins at the beginning of its stream.
 */
async function client(more: number): Promise<string> {
  const [tenLines, session, , , outbox, stream] = [...protocol.matchAll(/```js\n([\s\S]*?)```/g)].map(
    ([, code]) => code,
  );
  return [
    tenLines.replace('http://127.0.0.1:7001', url()).replace("'ada'", '`ada${Date.now()}`'),
    "console.log('user', session.user.id);",
    "socket.onAnyOutgoing(event => event === 'sync:pull' && console.log('pull'));",
    `const load = () => ({ last: 0, epoch: '${await epoch()}' });`,
    "const apply = entry => console.log('applied', entry.syncSeq, entry.type);",
    "const show = (message, data, error) => console.log('shown', message.content.text.length, data?.seq ?? error.code);",
    session,
    outbox,
    stream.replace(/\/\/ GET \/conversations.*/, "console.log('loaded anew from', last);"),
    'const messageOf = text => ({ ...message, clientMsgId: crypto.randomUUID(), content: { text } });',
    `for (let left = ${more}; left > 0; left--) await socket.emitWithAck('message:send', messageOf('again'));`,
  ].join('\n');
}

/** Ends the connections of a user as a network does. */
function hangUp(userId: string): void {
  for (const socket of app.io.of('/im').sockets.values()) {
    if (socket.data.userId === Number(userId)) socket.conn.close();
  }
}

/** What a module prints, up to and with the line of which `isLast` says so. */
async function linesOf(module: string, isLast: (line: string) => boolean | Promise<boolean>): Promise<string[]> {
  const child = spawn(process.execPath, ['--input-type=module'], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(module);
  const lines: string[] = [];
  let isDone = false;
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    isDone = await isLast(line);
    if (isDone) break;
  }
  child.kill();
  assert.ok(isDone, lines.join('\n'));
  return lines;
}
