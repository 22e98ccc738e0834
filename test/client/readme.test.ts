import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect, promisify } from 'node:util';
import { person } from '../support/person';
import { Phone } from '../support/phone';
import { url } from '../support/service';
import { png } from '../support/upload';
import { Wx } from '../support/wx';

const compiler = createRequire(__filename).resolve('typescript/bin/tsc');

/** What the examples know by these names, and what they leave open. */
const BEFORE = `
import { Client as Own, until as wait } from 'egg-im-client';
const client = new Own({ url: 'http://127.0.0.1:7001' });
await client.login({ account: 'alice', password: 'egg-im-demo' });
await client.level();
const [bob] = (await client.api.user.search({ q: 'bob' })).items;
const { conversationId } = await client.send({ to: { userId: bob.id }, type: 'text', content: { text: 'Hello' } });
await wait(client.conversation(conversationId), each => each !== undefined);
const { picture } = readme;
`;
const AFTER = `
await (await import('egg-im-client')).until(client.conversations, ([first]) => Boolean(first?.name));
await client.close();
`;

/** The packages of an application that the examples import, and what its runtime has. */
const TYPES = `
declare const readme: { picture: Blob; console: Console };
declare const wx: import('egg-im-client/mini-program').MiniProgram;
declare module 'socket.io-client-2' {
  const io: import('egg-im-client').Dial;
  export default io;
}
declare module '@react-native-async-storage/async-storage' {
  const storage: {
    getItem(key: string): Promise<string | null>;
    setItem(key: string, value: string): Promise<void>;
    removeItem(key: string): Promise<void>;
  };
  export default storage;
}
declare module 'expo-sqlite' {
  export function openDatabaseAsync(name: string): Promise<{
    getAllAsync(source: string, values: (string | number)[]): Promise<unknown[]>;
    closeAsync(): Promise<void>;
  }>;
}
`;
const MODULES = {
  '@react-native-async-storage/async-storage': 'export default readme.phone.asyncStorage;',
  'expo-sqlite': `
    export const openDatabaseAsync = async file => {
      const { execute, close } = await readme.phone.openDatabase(file);
      return { getAllAsync: execute, closeAsync: async () => close() };
    };`,
};

/** The examples with their headings. */
const examples = readFileSync('client/README.md', 'utf8')
  .split(/^## /m)
  .slice(1)
  .flatMap(part => {
    const heading = part.slice(0, part.indexOf('\n'));
    return [...part.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => ({ heading, code }));
  });

describe('the README of the client', () => {
  const phone = new Phone();
  const lines: string[] = [];
  let directory = '';
  let accounts = { alice: '', bob: '' };

  before(async () => {
    await phone.begin();
    await mkdir('.local', { recursive: true });
    // Within the checkout, so that its packages are found.
    directory = await mkdtemp(resolve('.local/readme-'));
    for (const [name, code] of Object.entries(MODULES)) await write(join('node_modules', name, 'index.mjs'), code);
    for (const name of Object.keys(MODULES)) {
      await write(join('node_modules', name, 'package.json'), '{ "main": "index.mjs" }');
    }
    const log = (...words: unknown[]) =>
      void lines.push(words.map(each => (typeof each === 'string' ? each : inspect(each))).join(' '));
    const picture = new Blob([new Uint8Array(png)]);
    Object.assign(globalThis, { wx: new Wx(), readme: { phone, picture, console: { log, debug: log } } });
  });

  beforeEach(async () => {
    lines.length = 0;
    accounts = { alice: `alice-${randomUUID()}`, bob: `bob-${randomUUID()}` };
    for (const [name, account] of Object.entries(accounts)) await person({ account, name, password: 'egg-im-demo' });
  });

  after(async () => {
    await phone.end();
    await rm(directory, { recursive: true });
  });

  async function write(path: string, text: string): Promise<string> {
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    return file;
  }

  /** An example as a module of its own. The first program is one as it stands. */
  function moduleOf(heading: string, code: string): string {
    const console = 'const { console } = readme;\n';
    const whole = heading === 'The first program' ? code : BEFORE + code;
    return (console + whole + AFTER)
      .replaceAll("'alice'", `'${accounts.alice}'`)
      .replaceAll("'bob'", `'${accounts.bob}'`)
      .replaceAll('http://127.0.0.1:7001', url());
  }

  const shown: Record<string, RegExp> = {
    'The first program': /^bob { text: 'Hello' } 0$/m,
    Values: /^red dot 0 false$/m,
    Sessions: /^logged in as \d+\nlogged out$/m,
    'The connection': /^up to date$/m,
    Messages: /^[1-9]\d* messages, 0 on their way/m,
    'Writing, also without a network': /^not sent: TOO_LARGE /m,
    Files: /^100 %\nhttp:\/\/127\.0\.0\.1:\d+\/media\//m,
    'Typing and presence': /^typing: \[\]$/m,
    Groups: /^alice owner\nbob member$/m,
    Errors: /^CONVERSATION_NOT_FOUND .* never$/m,
    Logging: /disconnected/,
  };

  it('has examples that are compiled', async () => {
    await write('globals.d.ts', TYPES);
    for (const [at, { heading, code }] of examples.entries()) {
      await write(`checked/${at}.mjs`, moduleOf(heading, code));
    }
    const own = {
      compilerOptions: { allowJs: true, checkJs: true, noEmit: true, module: 'NodeNext', target: 'ES2022' },
    };
    await write('tsconfig.json', JSON.stringify({ ...own, include: ['globals.d.ts', 'checked'] }));
    const { stdout } = await promisify(execFile)(process.execPath, [compiler, '-p', directory]).catch(
      (error: unknown) => error as { stdout: string },
    );
    assert.equal(stdout, '');
  });

  for (const [at, { heading, code }] of examples.entries()) {
    it(`has an example that runs: ${heading}`, async () => {
      await import(pathToFileURL(await write(`run/${at}.mjs`, moduleOf(heading, code))).href);
      assert.match(lines.join('\n'), shown[heading] ?? /^/);
    });
  }

  it('has all of them', () => {
    const headings = examples.map(({ heading }) => heading);
    assert.ok(headings.length >= 15);
    for (const heading of Object.keys(shown)) assert.ok(headings.includes(heading), heading);
  });
});
