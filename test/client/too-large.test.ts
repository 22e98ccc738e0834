import { until } from 'egg-im-client';
import assert from 'node:assert/strict';
import { people } from '../support/person';
import { clientOf } from '../support/sdk';
import { app } from '../support/service';

describe('a message that is too large', () => {
  it('fails alone, whatever its size: the connection stays, and those behind it are sent', async () => {
    const [ann, ben] = await people(2);
    const anns = await clientOf(ann);
    const states = new Set<string>();
    anns.connection.subscribe(({ state }) => states.add(state));
    const { packetMaxBytes, textMaxBytes } = app.config.im;
    const to = { userId: ben.id };
    const send = (text: string) => anns.send({ to, type: 'text', content: { text } });
    const sizes = [textMaxBytes + 1, packetMaxBytes, packetMaxBytes * 4];
    const refused = [...sizes.map(size => 'x'.repeat(size)), '龍'.repeat(packetMaxBytes / 2)].map(text =>
      assert.rejects(send(text), { code: 'TOO_LARGE', retryable: false }),
    );
    const sent = send('small');
    await Promise.all(refused);
    await sent;
    assert.deepEqual([...states], ['online']);
    const { pending } = await until(anns.messages(to), each => each.messages.length === 1);
    assert.deepEqual(
      pending.map(each => each.state),
      Array.from({ length: 4 }, () => 'failed'),
    );
  });
});
