import { events, paged, type Api } from './protocol.js';

/** Makes an event's call. Resolves with its answer as it came. */
export type Request = (event: string, input: object) => Promise<{ data: unknown; nextCursor?: string }>;
export type RestRequest = (name: 'limits.show') => Promise<unknown>;

/** The calls of the protocol as methods: `api.group.create(…)`. Those of logging in are methods of the client. */
export type ClientApi = Omit<Api, 'auth'> & { readonly auth: Pick<Api['auth'], 'password'> };

export function apiOf(request: Request, rest: RestRequest): ClientApi {
  const pages = new Set<string>(paged);
  const api: Record<string, Record<string, (input?: object) => Promise<unknown>>> = {
    limits: { show: () => rest('limits.show') },
  };
  for (const name of events) {
    const [noun = '', verb = ''] = name.split('.');
    (api[noun] ??= {})[verb] = async (input = {}) => {
      const { data, nextCursor } = await request(`${noun}:${verb}`, input);
      return pages.has(name) ? { items: data, ...(nextCursor !== undefined && { nextCursor }) } : data;
    };
  }
  return api as unknown as ClientApi;
}
