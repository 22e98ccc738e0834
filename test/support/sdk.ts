import { Client, type ClientOptions } from 'egg-im-client';
import { AppError } from '../../app/schema/errors';
import type { Person } from './person';
import { app, mm, url } from './service';

const open = new Set<Client>();

afterEach(async () => {
  for (const client of open) await client.close();
  open.clear();
});

/** Closed after the test. */
export function closing(client: Client): Client {
  open.add(client);
  return client;
}

/** A client on a device of its own, which has everything that the server has. */
export async function clientOf({ credentials }: Person, options: Partial<ClientOptions> = {}): Promise<Client> {
  const client = closing(new Client({ url: url(), ...options }));
  await client.login(credentials);
  await client.level();
  return client;
}

/** The service takes the access token of a client as expired, when it is shown the next time. */
export function expire({ session }: Client): void {
  const { tokens } = app;
  const { accessToken } = session.value!;
  const verify = tokens.verify.bind(tokens);
  let isShown = false;
  mm(tokens, 'verify', (kind: 'access' | 'refresh', token: string) => {
    if (isShown || token !== accessToken) return verify(kind, token);
    isShown = true;
    throw new AppError('TOKEN_EXPIRED');
  });
}
