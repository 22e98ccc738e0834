import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModuleKind, transpile } from 'typescript';
import { DEVELOPMENT_SECRET, UNITTEST_SECRET } from '../config/secrets';
import { app, mm } from './support/service';

declare module 'egg' {
  interface Application {
    /** Egg's own, which its types leave out: writes the configuration to run/. */
    dumpConfig(): void;
  }
}

const RANDOM = 'Zk3vQx9LmZt4WcY8sNd7Rk2vPq5HjB6u';
const root = join(__dirname, '..');

/** Loads a file of config/ in a process of its own, whose environment it is, without what egg-bin preloads for tests. */
function load(file: string, env: Record<string, string>) {
  const flags = ['--require', 'ts-node/register/transpile-only', '--eval', `require('./config/${file}')`];
  return spawnSync(process.execPath, flags, {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    encoding: 'utf8',
  });
}

describe('the configuration', () => {
  for (const [name, secret] of [
    ['no secret', ''],
    ['a short secret', '7Rk2vQx9LmZt4WcY8sNd'],
    ['a secret of one letter', 'x'.repeat(64)],
    ['the secret of development', DEVELOPMENT_SECRET],
    ['the secret of the tests', UNITTEST_SECRET],
  ]) {
    it(`of production refuses ${name} and names the variable`, () => {
      const { status, stderr } = load('config.prod', { IM_JWT_SECRET: secret });
      assert.notEqual(status, 0);
      assert.match(stderr, /IM_JWT_SECRET is missing or weak/);
    });
  }

  it('of production refuses an admin token of one letter and names the variable', () => {
    const { status, stderr } = load('config.prod', { IM_JWT_SECRET: RANDOM, IM_ADMIN_TOKEN: 'x'.repeat(64) });
    assert.notEqual(status, 0);
    assert.match(stderr, /IM_ADMIN_TOKEN is missing or weak/);
  });

  it('of production takes random secrets, and no admin token', () => {
    for (const token of ['', RANDOM]) {
      const { status, stderr } = load('config.prod', { IM_JWT_SECRET: RANDOM, IM_ADMIN_TOKEN: token });
      assert.equal(status, 0, stderr);
    }
  });

  it('is written to run/ without a secret', () => {
    mm(app.config.im, 'adminToken', RANDOM);
    app.dumpConfig();
    for (const file of readdirSync(app.config.rundir)) {
      const written = readFileSync(join(app.config.rundir, file), 'utf8');
      for (const secret of [RANDOM, app.config.im.jwtSecret]) assert.ok(!written.includes(secret), file);
    }
  });

  for (const [variable, value] of [
    ['PORT', 'high'],
    ['DATABASE_URL', 'postgres://127.0.0.1/egg_im'],
    ['IM_DEVICE_POLICY', 'some'],
    ['IM_HEAD_INTERVAL', '31'],
  ]) {
    it(`refuses ${variable}=${value} and names the variable`, () => {
      const { status, stderr } = load('settings', { [variable]: value });
      assert.notEqual(status, 0);
      assert.ok(stderr.includes(variable), stderr);
    });
  }

  it('keeps uploads out of dist/, which each build empties', () => {
    const checkout = realpathSync(mkdtempSync(join(tmpdir(), 'egg-im-')));
    const compiled = join(checkout, 'dist/config');
    mkdirSync(compiled, { recursive: true });
    for (const name of readdirSync(join(root, 'config')).filter(each => each.endsWith('.ts'))) {
      const source = readFileSync(join(root, 'config', name), 'utf8');
      writeFileSync(join(compiled, name.replace('.ts', '.js')), transpile(source, { module: ModuleKind.CommonJS }));
    }
    const print = ['--print', "require('./dist/config/settings').settings.im.mediaDir"];
    const env = { ...process.env, IM_MEDIA_DIR: '', NODE_OPTIONS: '' };
    const mediaDir = execFileSync(process.execPath, print, { cwd: checkout, env, encoding: 'utf8' }).trim();
    rmSync(checkout, { recursive: true });
    assert.equal(mediaDir, join(checkout, '.local/media'));
  });
});
