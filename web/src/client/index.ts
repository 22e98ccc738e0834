import type { Client } from 'egg-im-client';
import { inject, type App, type InjectionKey } from 'vue';

const KEY: InjectionKey<Client> = Symbol('client');

export function provideClient(app: App, client: Client): void {
  app.provide(KEY, client);
}

/** The client of this tab. */
export function useClient(): Client {
  const client = inject(KEY);
  if (!client) throw new Error('There is no client');
  return client;
}
