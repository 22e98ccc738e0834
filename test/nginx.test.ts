import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from './support/client';
import { behindProxies } from './support/limits';
import { MiniProgram } from './support/mini_program';
import { people, person, text } from './support/person';
import { app, mm, url } from './support/service';

// Modules, which a test can not load otherwise.
const findNginx = async () => (await import('../scripts/services/nginx.mjs')).findNginx();
const freePort = async () => (await import('../scripts/system/port.mjs')).freePort();

/** A file of the directory in which the nginx of the tests lives. */
const dir = mkdtempSync(join(tmpdir(), 'egg-im-nginx-'));
const place = (name: string) => join(dir, name);

/** The configuration of docs/operations.md for a server on this port, in front of this service. */
function configuration(port: number): string {
  const [, documented] = /```nginx\n([\s\S]*?)```/.exec(readFileSync('docs/operations.md', 'utf8')) ?? [];
  assert.ok(documented);
  const server = documented
    .replace('server 127.0.0.1:7001;', `server ${new URL(url()).host};`)
    .replace(/\n *server 127\.0\.0\.1:7002;/, '')
    .replace('listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`)
    .replace(/\/etc\/ssl\/[\w.]+\.(pem|key)/g, (_path, end: string) => place(`certificate.${end}`));
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(name => `${name}_temp_path ${place(name)};`);
  // Started by root, its workers would be somebody who may not look into the directory.
  const user = userInfo().uid === 0 ? 'user root;' : '';
  const own = `${user} daemon off; pid ${place('pid')}; error_log ${place('error.log')}; events {}`;
  return `${own}\nhttp {\naccess_log off;\n${paths.join('\n')}\n${server}\n}\n`;
}

/** Resolves when somebody listens there. */
async function listening(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isThere) return;
    await sleep(20);
  }
}

describe('the nginx of the documents', () => {
  let nginx: ChildProcess | undefined;
  let port: number;
  let server: string;

  before(async function () {
    this.timeout(300_000);
    const program = await findNginx();
    if (!program) return this.skip();
    const names = ['-keyout', place('certificate.key'), '-out', place('certificate.pem')];
    const subject = ['-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=chat.example.com'];
    execFileSync('openssl', ['req', '-x509', ...subject, ...names], { stdio: 'ignore' });
    port = await freePort();
    server = `https://127.0.0.1:${port}`;
    writeFileSync(place('nginx.conf'), configuration(port));
    nginx = spawn(program, ['-c', place('nginx.conf'), '-e', place('error.log')], { stdio: 'inherit' });
    await listening(port);
  });

  // The certificate is signed by nobody.
  beforeEach(() => mm(process.env, 'NODE_TLS_REJECT_UNAUTHORIZED', '0'));

  after(async () => {
    if (nginx?.kill()) await once(nginx, 'exit');
    rmSync(dir, { recursive: true });
  });

  it('passes the WebSockets of mini-programs on, encrypted to the client', async () => {
    const [ann, bob] = await people(2);
    const pages = [await MiniProgram.open(ann, bob, { server }), await MiniProgram.open(bob, ann)];
    pages[0].say('through nginx');
    await Promise.all(pages.map(page => page.shows('through nginx')));
  });

  it('passes devices of /im on, by WebSocket and by polling', async () => {
    const [ann, bob] = await people(2);
    for (const transports of [['websocket'], ['polling']]) {
      const device = await Client.connect(server, { token: bob.session.accessToken }, { transports });
      await ann.ask('message.send', { body: { to: { userId: bob.id }, ...text('hello') } });
      const sent = await device.until(() => device.replica.messages.at(-1), 'the message');
      assert.deepEqual(sent.content, { text: 'hello' });
    }
  });

  it('takes files as large as the service does', async () => {
    const ann = await person();
    const most = app.config.im.mediaMaxBytes.file;
    const statusOf = async (size: number) => {
      const head = '--x\r\ncontent-disposition: form-data; name="file"; filename="zeros"\r\n\r\n';
      const tail = '\r\n--x--\r\n';
      const headers = {
        'content-type': 'multipart/form-data; boundary=x',
        'content-length': head.length + size + tail.length,
        authorization: `Bearer ${ann.session.accessToken}`,
      };
      const asked = request(`${server}/api/v1/media`, { method: 'POST', headers });
      asked.write(head);
      for (let left = size; left > 0; left -= 1 << 20) asked.write(Buffer.alloc(Math.min(left, 1 << 20)));
      asked.end(tail);
      const [answer] = (await once(asked, 'response')) as [{ statusCode: number; resume: () => void }];
      answer.resume();
      return answer.statusCode;
    };
    assert.deepEqual([await statusOf(most), await statusOf(most + 1)], [200, 413]);
  });

  it('says where a client is, and by which scheme it has come', async () => {
    behindProxies(1);
    const ann = await person();
    const page = await MiniProgram.open(ann, ann, { server });
    page.say('hi');
    await page.shows('hi');
    const [connected] = [...app.io.of('/im').sockets.values()].filter(each => each.data.userId === Number(ann.id));
    assert.equal(connected.request.headers['x-forwarded-for'], '127.0.0.1');
    assert.equal(connected.request.headers['x-forwarded-proto'], 'https');
  });
});
