import { setTimeout as sleep } from 'node:timers/promises';
import { LoadClient, message } from '../client';

/** What somebody notices of the service: milliseconds until each answer, and what went wrong. */
export class Noticed {
  readonly times: number[] = [];
  refused = 0;
  lost = 0;

  /** Waits for an answer, which is whether it was a good one. */
  async of(answer: Promise<boolean>): Promise<void> {
    const start = performance.now();
    const timeout = sleep(PATIENCE_MS, undefined, { ref: false });
    const good = await Promise.race([answer.catch(() => undefined), timeout]);
    if (good === true) this.times.push(performance.now() - start);
    else if (good === false) this.refused++;
    else this.lost++;
  }
}

const PATIENCE_MS = 10_000;
/** How often something is done, in milliseconds. */
const CHAT_MS = 50;
const LOGIN_MS = 500;
const PROFILE_MS = 200;

interface Account {
  readonly id: string;
  readonly name: string;
  readonly token: string;
}

const password = 'correct horse battery';

/** Two people who chat, log in and look at their profiles, and know nothing of anybody else. */
export class Neighbours {
  private constructor(
    private readonly url: string,
    private readonly accounts: readonly Account[],
    private readonly clients: readonly LoadClient[],
    private readonly conversationId: string,
  ) {}

  static async meet(port: number): Promise<Neighbours> {
    const url = `http://127.0.0.1:${port}/api/v1`;
    const accounts = await Promise.all(['ann', 'bob'].map(name => register(url, `${name}-${process.pid}`)));
    const clients = await Promise.all(accounts.map(({ token }) => LoadClient.connect(port, { token }, '127.0.0.1')));
    const first = { ...message(''), conversationId: undefined, to: { userId: accounts[1].id } };
    const body = await post(`${url}/messages`, first, accounts[0].token);
    const { data } = (await body.json()) as { data: { conversationId: string } };
    return new Neighbours(url, accounts, clients, data.conversationId);
  }

  /** Lives for so long. */
  async live(ms: number): Promise<{ chat: Noticed; login: Noticed; profile: Noticed }> {
    const noticed = { chat: new Noticed(), login: new Noticed(), profile: new Noticed() };
    const waiting: Promise<void>[] = [];
    const every = (interval: number, what: Noticed, act: (turn: number) => Promise<boolean>) => {
      let turn = 0;
      return setInterval(() => waiting.push(what.of(act(turn++ % 2))), interval);
    };
    const timers = [
      every(CHAT_MS, noticed.chat, turn => this.send(turn)),
      every(LOGIN_MS, noticed.login, turn => this.login(turn)),
      every(PROFILE_MS, noticed.profile, turn => this.look(turn)),
    ];
    await sleep(ms);
    for (const timer of timers) clearInterval(timer);
    await Promise.all(waiting);
    return noticed;
  }

  private send(turn: number): Promise<boolean> {
    return new Promise(resolve =>
      this.clients[turn].request('message:send', message(this.conversationId), ({ ok }) => resolve(ok)),
    );
  }

  private async login(turn: number): Promise<boolean> {
    const { name: account } = this.accounts[turn];
    return (await post(`${this.url}/auth/login`, { account, password, deviceId: `phone-${account}` })).ok;
  }

  private async look(turn: number): Promise<boolean> {
    const headers = { authorization: `Bearer ${this.accounts[turn].token}` };
    return (await fetch(`${this.url}/users/me`, { headers })).ok;
  }
}

async function register(url: string, name: string): Promise<Account> {
  const answer = await post(`${url}/auth/register`, { account: name, password, name });
  const { data } = (await answer.json()) as { data: { user: { id: string }; accessToken: string } };
  return { id: data.user.id, name, token: data.accessToken };
}

function post(url: string, body: unknown, token?: string): Promise<Response> {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
}
