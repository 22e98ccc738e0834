import assert from 'node:assert/strict';
import { limit, limitsOf } from '../support/limits';
import { people, person, type Person } from '../support/person';
import { refused } from '../support/refusal';
import { app, mm } from '../support/service';
import { formOf, post, upload } from '../support/upload';

const bytes = (size: number) => ({ content: Buffer.alloc(size) });

/** An upload that does not say how long it is. */
function uploadOfAnyLength(someone: Person, size: number) {
  const { body, headers } = new Response(formOf(bytes(size)));
  return post(someone, body!, { 'content-type': headers.get('content-type')! });
}

describe('the bytes a user may upload in a day', () => {
  it('refuses a file past it before anything is written, and nobody else’s', async () => {
    const [ann, bob] = await people(2);
    await limit({ uploadBytes: 10_000 });
    const { files } = app.engine;
    const write = files.receive.bind(files);
    let written = 0;
    mm(files, 'receive', (...given: Parameters<typeof write>) => {
      written++;
      return write(...given);
    });
    await upload(ann, bytes(6000));
    const { retryAfterMs = 0, details } = await refused(upload(ann, bytes(6000)), 'QUOTA_EXCEEDED');
    assert.ok(retryAfterMs > 86_000_000 && retryAfterMs <= 86_400_000, `${retryAfterMs} ms`);
    assert.deepEqual(details, { limit: 'uploadBytes' });
    assert.equal(written, 1);
    await upload(bob, bytes(6000));
    assert.equal(written, 2);
  });

  it('counts what was stored: nothing of what was refused, broken or only a form around it', async () => {
    const ann = await person();
    await limit({ uploadBytes: 10_000 });
    await upload(ann, bytes(3000));
    await refused(upload(ann, bytes(8000)), 'QUOTA_EXCEEDED');
    await refused(post(ann, formOf(bytes(1000), bytes(1000))), 'INVALID_INPUT');
    await upload(ann, bytes(3000));
    await upload(ann, bytes(3500));
    await refused(upload(ann, bytes(600)), 'QUOTA_EXCEEDED');
  });

  it('takes the largest file for one whose length nobody has said, until it is known', async () => {
    const ann = await person();
    mm(app.config.im, 'mediaMaxBytes', { image: 8000, video: 8000, voice: 8000, file: 8000 });
    await limit({ uploadBytes: 10_000 });
    await uploadOfAnyLength(ann, 1000);
    await uploadOfAnyLength(ann, 1500);
    await refused(uploadOfAnyLength(ann, 1), 'QUOTA_EXCEEDED');
    await upload(ann, bytes(7000));
  });

  it('are as many again the next day, and no more for what began the day before', async () => {
    const limits = await limitsOf({ uploadBytes: 100 });
    const giveBack = await limits.reserve('uploadBytes', 7, 100);
    await assert.rejects(limits.reserve('uploadBytes', 7, 1), { code: 'QUOTA_EXCEEDED' });
    const now = performance.now();
    mm(performance, 'now', () => now + 86_400_000);
    await limits.forget('uploadBytes', 7);
    await limits.take('uploadBytes', 7, 100);
    await giveBack(90);
    await assert.rejects(limits.take('uploadBytes', 7), { code: 'QUOTA_EXCEEDED' });
  });
});
