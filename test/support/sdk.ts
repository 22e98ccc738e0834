import { Client, type ClientOptions } from 'egg-im-client';
import type { Person } from './person';
import { url } from './service';

const open = new Set<Client>();

afterEach(async () => {
  for (const client of open) await client.close();
  open.clear();
});

/** A client on a device of its own, which has everything that the server has. */
export async function clientOf({ credentials }: Person, options: Partial<ClientOptions> = {}): Promise<Client> {
  const client = new Client({ url: url(), ...options });
  open.add(client);
  await client.login(credentials);
  await client.level();
  return client;
}
