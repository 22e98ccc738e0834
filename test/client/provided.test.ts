import assert from 'node:assert/strict';
import { Client } from 'egg-im-client';
import { Tokens } from '../../app/lib/auth/tokens';
import { person } from '../support/person';
import { app, mm, url } from '../support/service';

describe('a client whose user logs in elsewhere', () => {
  const clients: Client[] = [];

  afterEach(async () => {
    mm.restore();
    for (const client of clients.splice(0)) await client.close();
  });

  it('asks for a session when it starts, and for another one when its token has ended', async () => {
    const { jwtSecret: secret, accessTtl, refreshTtl } = app.config.im;
    const ann = await person();
    let asked = 0;
    const session = async () => {
      mm(app, 'tokens', new Tokens({ secret, accessTtl: asked++ === 0 ? -1 : accessTtl, refreshTtl }));
      return (await ann.login({ deviceId: ann.deviceId })).session;
    };
    const client = new Client({ url: url(), session });
    clients.push(client);
    assert.equal(await client.start(), true);
    await client.send({ to: { userId: ann.id }, type: 'text', content: { text: 'Still here' } });
    assert.equal(asked, 2);
  });

  it('is told when there is none', async () => {
    const client = new Client({ url: url(), session: () => Promise.reject(new Error('nobody is logged in')) });
    clients.push(client);
    await assert.rejects(client.start(), /nobody is logged in/);
  });
});
