import { isObject } from '../../app/schema/validate';
import type { Dice } from './dice';
import { send } from './rest';

/** Who makes the calls of a lane. */
export interface Actor {
  id: string;
  account: string;
  token: string;
}

const PASSWORD = 'correct horse battery';
const KEPT = 30;

/** People who know each other, and what there is between them: what valid calls speak of. */
export class World {
  readonly actors: Actor[] = [];
  private readonly seen = new Map<string, string[]>();

  private constructor(private readonly url: string) {}

  /** Registers so many people; all are friends of the first, in one group, and have been written to. */
  static async make(url: string, howMany: number, name: string): Promise<World> {
    const world = new World(url);
    for (let index = 0; index < howMany; index++) world.actors.push(await world.register(`${name}-${index}`));
    // Their tokens alone are used by everybody: one that is used twice ends its session, which nobody's call may be in.
    for (const victim of [0, 1, 2]) {
      const { refreshToken } = await world.register(`${name}-victim-${victim}`);
      world.keep('refreshToken', refreshToken);
    }
    const [first, ...others] = world.actors;
    const ids = others.map(({ id }) => id);
    for (const other of others) {
      await world.call(other, '/friend-requests', { userId: first.id });
      await world.call(first, `/friend-requests/${other.id}`, { answer: 'accept' });
      const text = { type: 'text', content: { text: 'hello' }, clientMsgId: crypto.randomUUID() };
      world.learn('message.send', await world.call(first, '/messages', { to: { userId: other.id }, ...text }));
    }
    world.learn('group.create', await world.call(first, '/groups', { name: 'Fuzz', memberIds: ids }));
    return world;
  }

  /** Begins a new session. Who can not, because a call has changed the password, say, makes way for somebody new. */
  async login(actor: Actor): Promise<void> {
    const { account } = actor;
    try {
      actor.token = String((await this.post('/auth/login', { account, password: PASSWORD })).accessToken);
    } catch {
      // Nobody new either, where registering is limited: then the calls that follow are refused.
      Object.assign(actor, await this.register(`${account}x`).catch(() => actor));
    }
  }

  /** Takes note of what a call has made. */
  learn(name: string, data: unknown, cursor?: string): void {
    if (cursor) this.keep('cursor', cursor);
    if (!isObject(data)) return;
    if (name === 'group.create') this.keep('groupId', data.id);
    if (name === 'media.create') {
      for (const field of ['mediaId', 'posterId']) this.keep(field, data.id);
      for (const field of ['avatar', 'background']) this.keep(field, data.url);
    }
    for (const field of ['conversationId', 'clientMsgId', 'refreshToken']) this.keep(field, data[field]);
  }

  /** What a field of that name has here; undefined when it may have anything. */
  known(field: string, actor: Actor, dice: Dice): unknown {
    if (/^(userIds?|memberIds|mentions)$/.test(field)) return dice.chance(0.03) ? '99' : dice.pick(this.actors).id;
    if (/^(seqs?|replyTo|before|after|syncSeq)$/.test(field)) return 1 + dice.below(40);
    if (/password/i.test(field)) return PASSWORD;
    if (field === 'account') return `${actor.account.replace(/-\d+x*$/, '')}-victim-${dice.below(3)}`;
    if (field === 'app') return 'default';
    if (field === 'q') return dice.pick(['fuzz', 'hello', 'x', actor.account]);
    // A message is seldom sent again.
    if (/^clientMsgIds?$/.test(field) && dice.chance(0.9)) return undefined;
    const seen = this.seen.get(field);
    return seen && dice.pick(seen);
  }

  private keep(field: string, value: unknown): void {
    if (typeof value !== 'string') return;
    this.seen.set(field, [...new Set([...(this.seen.get(field) ?? []), value])].slice(-KEPT));
  }

  private async register(account: string): Promise<Actor & { readonly refreshToken: unknown }> {
    const session = await this.post('/auth/register', { account, password: PASSWORD, name: `Fuzz ${account}` });
    const { user, accessToken, refreshToken } = session;
    return { id: String((user as { id: unknown }).id), account, token: String(accessToken), refreshToken };
  }

  private call({ token }: Actor, path: string, body: object): Promise<Record<string, unknown>> {
    return this.post(path, body, { authorization: `Bearer ${token}` });
  }

  private async post(
    path: string,
    body: object,
    headers: Record<string, string> = {},
  ): Promise<Record<string, unknown>> {
    const answer = await send(this.url, {
      method: 'POST',
      path: `/api/v1${path}`,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    const { data } = JSON.parse(answer?.text ?? '{}') as { data?: Record<string, unknown> };
    if (!data) throw new Error(`${path}: ${answer?.text ?? 'no answer'}`);
    return data;
  }
}
