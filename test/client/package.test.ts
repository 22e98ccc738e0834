import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { url } from '../support/service';

/** Without what the tests are run with. */
const env = { ...process.env, NODE_OPTIONS: '' };
const run = (file: string, args: readonly string[], cwd?: string) =>
  promisify(execFile)(file, args, { cwd, env }).catch((error: unknown) =>
    assert.fail(`${file}: ${(error as { stdout: string }).stdout}`),
  );
const compiler = createRequire(__filename).resolve('typescript/bin/tsc');

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** Registers and sends, with what a stranger would import. */
const program = `import { Client, ImError, type Message } from 'egg-im-client';
import { miniProgram } from 'egg-im-client/mini-program';
import { sqlite } from 'egg-im-client/sqlite';

async function main(): Promise<void> {
  const client = new Client({ url: process.argv[2]! });
  await client.register({ account: 'p' + crypto.randomUUID(), password: 'correct horse battery', name: 'Pat' });
  const to = { userId: client.session.value!.userId };
  const message: Message = await client.send({ to, type: 'text', content: { text: 'Hello' } });
  const refused = await client.api.group.show({ groupId: '0' }).catch((error: unknown) => error as ImError);
  console.log(message.seq, refused instanceof ImError && refused.code, typeof miniProgram, typeof sqlite);
  await client.close();
}
declare const process: { argv: string[] };
void main();
`;

describe('the package of the client', () => {
  let directory = '';
  let packed: Packed;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'package-'));
    const options = ['--json', '--pack-destination', directory];
    const { stdout } = await run('npm', ['pack', ...options], 'client');
    [packed] = JSON.parse(stdout) as Packed[];
    await install();
  });

  after(() => rm(directory, { recursive: true }));

  /** What `npm install` of it does, without a network: its dependencies, and none but them, are those of this checkout. */
  async function install(): Promise<void> {
    const modules = join(directory, 'node_modules');
    const own = join(modules, 'egg-im-client');
    await mkdir(own, { recursive: true });
    await run('tar', ['-xzf', join(directory, packed.filename), '-C', own, '--strip-components=1']);
    for (const name of Object.keys((await manifest()).dependencies)) {
      await symlink(resolve('node_modules', name), join(modules, name));
    }
  }

  async function manifest() {
    const text = await readFile(join(directory, 'node_modules/egg-im-client/package.json'), 'utf8');
    return JSON.parse(text) as { dependencies: Record<string, string> };
  }

  it('holds what is compiled, its README and its licence', async () => {
    const paths = packed.files.map(({ path }) => path);
    const others = paths.filter(path => !/^dist\/(esm|cjs)\/[\w/]+\.(d\.ts|js)$/.test(path));
    assert.deepEqual(others.sort(), ['LICENSE', 'README.md', 'dist/cjs/package.json', 'package.json']);
    assert.equal(
      await readFile(join(directory, 'node_modules/egg-im-client/LICENSE'), 'utf8'),
      await readFile('LICENSE', 'utf8'),
    );
  });

  it('imports its dependencies and itself, and nothing of Node.js', async () => {
    const names = Object.keys((await manifest()).dependencies);
    const imported = new Set<string>();
    for (const { path } of packed.files.filter(each => each.path.endsWith('.js'))) {
      const code = await readFile(join('client', path), 'utf8');
      for (const [, name] of code.matchAll(/(?:\bfrom |\brequire\()['"]([^'".][^'"]*)['"]/g)) imported.add(name);
    }
    assert.deepEqual([...imported].sort(), names.sort());
  });

  for (const [form, extension] of [
    ['an ES module', 'mts'],
    ['CommonJS', 'cts'],
  ]) {
    it(`is compiled and run by a program that is ${form}`, async () => {
      const file = join(directory, `program.${extension}`);
      await writeFile(file, program);
      const strict = ['--strict', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes'];
      const target = ['--module', 'NodeNext', '--target', 'ES2022', '--lib', 'ES2022,DOM'];
      await run(process.execPath, [compiler, ...strict, ...target, file], directory);
      const { stdout } = await run(process.execPath, [file.replace(/ts$/, 'js'), url()]);
      assert.equal(stdout.trim(), '1 INVALID_INPUT function function');
    });
  }

  it('is small', async () => {
    const { stdout } = await run(process.execPath, ['client/size.mjs']);
    console.log(stdout.trim());
    assert.match(stdout, /^egg-im-client: \d+ bytes/);
  });
});
