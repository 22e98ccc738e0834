import assert from 'node:assert/strict';
import { settings } from '../../config/settings';
import { app } from '../support/service';

const page = 'https://chat.example.com';

async function allowedOrigin(origin: string): Promise<unknown> {
  const answer = await app.httpRequest().get('/healthz').set('origin', origin).expect(200);
  return (answer.headers as Record<string, unknown>)['access-control-allow-origin'];
}

describe('a page of another origin', () => {
  afterEach(() => settings.corsOrigins.splice(0));

  it('may not read answers when no origin is named', async () => {
    assert.equal(await allowedOrigin(page), undefined);
  });

  it('may when its origin is named, and a third may not', async () => {
    settings.corsOrigins.push(page);
    assert.equal(await allowedOrigin(page), page);
    assert.equal(await allowedOrigin('https://elsewhere.example.com'), undefined);
  });
});
