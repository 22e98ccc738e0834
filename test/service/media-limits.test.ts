import assert from 'node:assert/strict';
import { once } from 'node:events';
import { text as textOf } from 'node:stream/consumers';
import { person, type Person } from '../support/person';
import { videoMp4 } from '../support/samples';
import { dial } from '../support/raw';
import { refused, type Failure } from '../support/refusal';
import { app, count, mm } from '../support/service';
import { png, upload } from '../support/upload';

const KB = 1024;
const bounds = { image: 100 * KB, video: 400 * KB, voice: 200 * KB, file: 800 * KB };

/** What a file of each kind begins with. */
const beginnings = {
  image: png,
  video: videoMp4(),
  voice: Buffer.from('#!AMR\n'),
  file: Buffer.from('%PDF-1.7'),
};
const kinds = ['image', 'video', 'voice', 'file'] as const;

function fileOf(kind: (typeof kinds)[number], size: number) {
  const content = Buffer.alloc(size);
  beginnings[kind].copy(content);
  return content;
}

/** The beginning of a request that goes on for as long as it says, and never ends. */
function begin({ session }: Person, length: number, content: Buffer) {
  const head = [
    'POST /api/v1/media HTTP/1.1',
    'Host: x',
    `Authorization: Bearer ${session.accessToken}`,
    'Content-Type: multipart/form-data; boundary=x',
    `Content-Length: ${length}`,
  ];
  const form = '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n';
  const socket = dial(`${head.join('\r\n')}\r\n\r\n${form}`);
  socket.write(content);
  return socket;
}

describe('the size of a file', () => {
  beforeEach(() => mm(app.config.im, 'mediaMaxBytes', bounds));

  for (const kind of kinds) {
    it(`that is of the kind ${kind} is bounded for its kind, to the byte`, async () => {
      const ann = await person();
      const largest = await upload(ann, { content: fileOf(kind, bounds[kind]) });
      assert.deepEqual([largest.kind, largest.size], [kind, bounds[kind]]);
      const rows = await count('media_file');
      for (const more of [1, 50 * KB, 10_000 * KB]) {
        const { details } = await refused(upload(ann, { content: fileOf(kind, bounds[kind] + more) }), 'TOO_LARGE');
        const limit = more > 1000 * KB ? bounds.file : bounds[kind];
        assert.deepEqual([kind, more, details], [kind, more, { limit }]);
      }
      assert.equal(await count('media_file'), rows);
    });
  }

  it('is refused while it is still being sent, by its first bytes, and the client reads why', async () => {
    const ann = await person();
    const socket = begin(ann, 700 * KB, fileOf('image', 8 * KB));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    const [head, body] = answer.toString().split('\r\n\r\n');
    assert.match(head, /^HTTP\/1\.1 413 /);
    const { error } = JSON.parse(body) as { error: Failure };
    assert.deepEqual([error.code, error.details], ['TOO_LARGE', { limit: bounds.image }]);
    socket.end();
    await textOf(socket);
  });

  it('of nothing at all is refused', async () => {
    const ann = await person();
    const { details } = await refused(upload(ann, { content: '' }), 'INVALID_INPUT');
    assert.deepEqual(details, [{ path: '/file', message: 'a file with content is needed' }]);
  });
});
